package dev.statefun.manifest;

import org.jspecify.annotations.Nullable;

/**
 * Verdict with its reason.
 *
 * @param verdict the verdict; {@code null} if it is not known
 * @param why the reason, if there is one
 */
record Reads(@Nullable Verdict verdict, @Nullable String why) {

	static final Reads ALL = new Reads(Verdict.READABLE, null);

	static final Reads UNKNOWN = new Reads(null, "it can't be determined");

	static Reads lossy(String why) {
		return new Reads(Verdict.READABLE_WITH_LOSS, why);
	}

	static Reads not(String why) {
		return new Reads(Verdict.UNREADABLE, why);
	}

	static Reads all(String why) {
		return new Reads(Verdict.READABLE, why);
	}

	Reads worst(Reads other) {
		return (other.rank() > rank() || (other.rank() == rank() && this.why == null)) ? other : this;
	}

	// An unknown verdict is worse than a loss, and better than a known failure
	private int rank() {
		if (this.verdict == null) {
			return 2;
		}
		return switch (this.verdict) {
			case READABLE -> 0;
			case READABLE_WITH_LOSS -> 1;
			case UNREADABLE -> 3;
		};
	}

	boolean isReadable() {
		return this.verdict == Verdict.READABLE;
	}

	@Override
	public String toString() {
		return ((this.verdict != null) ? this.verdict.toString() : "not known")
				+ ((this.why != null) ? ", as " + this.why : "");
	}

}
