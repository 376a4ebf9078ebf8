package dev.statefun.endpoint.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Range of addresses that share their first bits.
 *
 * @param first an address of the range
 * @param bits number of bits that they share
 */
record AddressRange(InetAddress first, int bits) {

	private static final Pattern V4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

	private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

	private static final Pattern BITS = Pattern.compile("\\d{1,3}");

	static AddressRange parse(String text) {
		int slash = text.indexOf('/');
		InetAddress first = addressOf((slash < 0) ? text : text.substring(0, slash));
		if (first == null) {
			throw invalid(text);
		}
		int all = first.getAddress().length * 8;
		if (slash < 0) {
			return new AddressRange(first, all);
		}
		String bits = text.substring(slash + 1);
		// An IPv4 address within IPv6 is converted to IPv4, so its bits have another
		// meaning
		if (!BITS.matcher(bits).matches() || Integer.parseInt(bits) > all || (all == 32 && text.indexOf(':') >= 0)) {
			throw invalid(text);
		}
		return new AddressRange(first, Integer.parseInt(bits));
	}

	private static IllegalArgumentException invalid(String text) {
		return new IllegalArgumentException(
				"'" + text + "' is no address and no range of addresses, such as '10.0.0.0/8' or 'fd00::/8'");
	}

	/**
	 * Return an address that is written in numbers. Names are not resolved: a name server
	 * would then decide on access.
	 * @param text the address; a zone after {@code %} is ignored
	 * @return the address, or {@code null} if it is none
	 */
	static @Nullable InetAddress addressOf(String text) {
		int zone = text.indexOf('%');
		String address = (zone < 0) ? text : text.substring(0, zone);
		if (!V4.matcher(address).matches() && !V6.matcher(address).matches()) {
			return null;
		}
		try {
			return InetAddress.getByName((address.indexOf(':') < 0) ? address : "[" + address + "]");
		}
		catch (UnknownHostException ex) {
			// Numbers, but too many or too large
			return null;
		}
	}

	boolean contains(InetAddress address) {
		byte[] own = this.first.getAddress();
		byte[] other = address.getAddress();
		if (own.length != other.length) {
			return false;
		}
		for (int i = 0; i < own.length; i++) {
			int shared = Math.min(Math.max(this.bits - i * 8, 0), 8);
			int mask = 0xff << (8 - shared);
			if (((own[i] ^ other[i]) & mask & 0xff) != 0) {
				return false;
			}
		}
		return true;
	}

}
