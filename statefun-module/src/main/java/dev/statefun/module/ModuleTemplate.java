package dev.statefun.module;

import java.util.List;

/**
 * A module.yaml with references in place of everything that may be secret.
 *
 * @param text text with references of the form <code>${NAME}</code>
 * @param references names that the text refers to, each once; empty if nothing may be
 * secret
 * @since 0.1.0
 */
public record ModuleTemplate(String text, List<String> references) {

	/**
	 * Create a template.
	 * @param text text with references
	 * @param references names that the text refers to
	 */
	public ModuleTemplate {
		references = List.copyOf(references);
	}

}
