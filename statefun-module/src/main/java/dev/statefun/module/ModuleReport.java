package dev.statefun.module;

import java.util.List;
import java.util.stream.Collectors;

import dev.statefun.module.ModuleFinding.Severity;

/**
 * Findings about a module.yaml.
 *
 * <pre class="code">
 * assertThat(verifier.verify(Path.of("module.yaml")).findings()).isEmpty();
 * </pre>
 *
 * @param findings the findings, errors first and else from top to bottom
 * @since 0.1.0
 */
public record ModuleReport(List<ModuleFinding> findings) {

	/**
	 * Create a report.
	 * @param findings the findings
	 */
	public ModuleReport {
		findings = List.copyOf(findings);
	}

	/**
	 * Return the errors.
	 * @return the findings that are errors
	 */
	public List<ModuleFinding> errors() {
		return ofSeverity(Severity.ERROR);
	}

	/**
	 * Return the warnings.
	 * @return the findings that are warnings
	 */
	public List<ModuleFinding> warnings() {
		return ofSeverity(Severity.WARNING);
	}

	private List<ModuleFinding> ofSeverity(Severity severity) {
		return this.findings.stream().filter((finding) -> finding.severity() == severity).toList();
	}

	/**
	 * Return the findings, one per line.
	 * @return the text, empty if there are none
	 */
	@Override
	public String toString() {
		return this.findings.stream().map(ModuleFinding::toString).collect(Collectors.joining("\n"));
	}

}
