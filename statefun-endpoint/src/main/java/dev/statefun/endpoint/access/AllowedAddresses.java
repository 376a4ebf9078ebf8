package dev.statefun.endpoint.access;

import java.net.InetAddress;
import java.util.List;

/**
 * Addresses that may call the endpoint.
 *
 * @since 0.1.0
 */
public final class AllowedAddresses {

	private final List<AddressRange> ranges;

	private AllowedAddresses(List<AddressRange> ranges) {
		this.ranges = ranges;
	}

	/**
	 * Return the addresses of a list.
	 * @param list addresses of IPv4 or IPv6 ({@code 10.1.2.3}, {@code ::1}) and ranges of
	 * them ({@code 10.0.0.0/8}, {@code fd00::/8}); names are not resolved
	 * @return the addresses
	 * @throws IllegalArgumentException if one of them can't be read
	 */
	public static AllowedAddresses parse(List<String> list) {
		return new AllowedAddresses(list.stream().map(AddressRange::parse).toList());
	}

	/**
	 * Return whether an address is among them.
	 * @param address an address in numbers; IPv4 addresses may be written as IPv6
	 * ({@code ::ffff:10.1.2.3})
	 * @return whether it is, {@code false} if it is not an address
	 */
	public boolean contain(String address) {
		InetAddress asked = AddressRange.addressOf(address);
		return asked != null && this.ranges.stream().anyMatch((range) -> range.contains(asked));
	}

}
