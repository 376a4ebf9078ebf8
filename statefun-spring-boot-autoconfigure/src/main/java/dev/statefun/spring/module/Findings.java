package dev.statefun.spring.module;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.statefun.spring.module.ModuleFinding.Kind;
import dev.statefun.spring.module.ModuleFinding.Severity;

/**
 * Collects findings. Not thread-safe.
 */
final class Findings {

	private final List<ModuleFinding> list = new ArrayList<>();

	void error(Kind kind, String where, String found, String expected, String action) {
		this.list.add(new ModuleFinding(Severity.ERROR, kind, where, found, expected, action));
	}

	void warning(Kind kind, String where, String found, String expected, String action) {
		this.list.add(new ModuleFinding(Severity.WARNING, kind, where, found, expected, action));
	}

	ModuleReport report() {
		return new ModuleReport(this.list.stream().sorted(Comparator.comparing(ModuleFinding::severity)).toList());
	}

}
