package dev.statefun.module;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.statefun.module.ModuleFinding.Kind;
import dev.statefun.module.ModuleFinding.Severity;
import org.jspecify.annotations.Nullable;

/**
 * Collects findings, none of which shows the endpoint's secret. Not thread-safe.
 */
final class Findings {

	/** More findings than anyone reads. */
	private static final int MAX_FINDINGS = 1_000;

	private final List<ModuleFinding> list = new ArrayList<>();

	private int leftOut;

	private final @Nullable String secret;

	Findings(@Nullable String secret) {
		this.secret = secret;
	}

	void error(Kind kind, String where, String found, String expected, String action) {
		add(Severity.ERROR, kind, where, found, expected, action);
	}

	void warning(Kind kind, String where, String found, String expected, String action) {
		add(Severity.WARNING, kind, where, found, expected, action);
	}

	private void add(Severity severity, Kind kind, String where, String found, String expected, String action) {
		if (this.list.size() == MAX_FINDINGS) {
			this.leftOut++;
			return;
		}
		this.list.add(new ModuleFinding(severity, kind, shown(where), shown(found), shown(expected), shown(action)));
	}

	private String shown(String text) {
		return ModuleSettings.mask(text, this.secret);
	}

	ModuleReport report() {
		List<ModuleFinding> report = new ArrayList<>(this.list);
		report.sort(Comparator.comparing(ModuleFinding::severity));
		if (this.leftOut > 0) {
			report.add(new ModuleFinding(Severity.ERROR, Kind.UNREADABLE, "the file",
					this.leftOut + " more findings, left out here", "a file that goes with this application",
					"Correct the others first"));
		}
		return new ModuleReport(List.copyOf(report));
	}

}
