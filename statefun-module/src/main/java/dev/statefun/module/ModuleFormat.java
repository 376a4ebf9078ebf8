package dev.statefun.module;

/**
 * Form of a module.yaml (protocol.md §7).
 *
 * @since 0.1.0
 */
public enum ModuleFormat {

	/** One document of the version "2.0", for clusters of 2.1 and 2.2. */
	V2,

	/** One document for each component, for clusters of 3.1 to 3.3. */
	V3

}
