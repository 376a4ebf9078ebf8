package dev.statefun.endpoint.access;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link AllowedAddresses}.
 */
class AllowedAddressesTests {

	@ParameterizedTest
	@CsvSource({ "10.1.2.3, 10.1.2.3", "10.0.0.0/8, 10.255.255.255", "10.1.2.3/8, 10.9.9.9", "10.0.0.0/9, 10.127.0.1",
			"192.168.4.0/22, 192.168.7.255", "0.0.0.0/0, 203.0.113.9", "10.1.2.3/32, 10.1.2.3", "::1, 0:0:0:0:0:0:0:1",
			"fd00::/8, fdff::1", "fe80::/10, fe80::1%eth0", "fe80::/10, febf::1", "::/0, 2001:db8::1",
			"10.0.0.0/8, ::ffff:10.1.2.3", "::ffff:10.1.2.3, 10.1.2.3", "2001:db8::/127, 2001:db8::1" })
	void listedAddressIsContained(String range, String address) {
		assertThat(AllowedAddresses.parse(List.of("127.0.0.1", range)).contain(address)).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "10.1.2.3, 10.1.2.4", "10.0.0.0/8, 11.0.0.0", "10.0.0.0/9, 10.128.0.0", "192.168.4.0/22, 192.168.8.0",
			"10.1.2.3/32, 10.1.2.2", "0.0.0.0/0, ::1", "::/0, 127.0.0.1", "fd00::/8, fe00::1", "fe80::/10, fec0::1",
			"2001:db8::/127, 2001:db8::2", "::1, ::2", "10.0.0.0/8, localhost", "10.0.0.0/8, 10", "10.0.0.0/8, ''",
			"10.0.0.0/8, null", "10.0.0.0/8, 10.1.2.300", "::/0, ':::::::::'", "10.0.0.0/8, '10.1.2.3, 1.1.1.1'" })
	void otherAddressIsNotContained(String range, String address) {
		assertThat(AllowedAddresses.parse(List.of(range)).contain(address)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "localhost", "example.com", "10", "10.0.0", "10.0.0.0.0", "10.0.0.256", "10.0.0.0/33",
			"10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/255.0.0.0", "::1/129", "::g", "1::2::3", "::ffff:10.0.0.0/104",
			"10.0.0.0/8/8", "*", "10.*" })
	void invalidRangeIsRejected(String range) {
		assertThatIllegalArgumentException().isThrownBy(() -> AllowedAddresses.parse(List.of("127.0.0.1", range)))
			.withMessage("'" + range + "' is no address and no range of addresses, such as '10.0.0.0/8' or 'fd00::/8'");
	}

	@Test
	void everyBitOfARangeIsCompared() {
		for (int bits = 0; bits <= 32; bits++) {
			AllowedAddresses addresses = AllowedAddresses.parse(List.of("170.85.170.85/" + bits));
			for (int flipped = 0; flipped < 32; flipped++) {
				int address = 0xaa55aa55 ^ (1 << (31 - flipped));
				String text = (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "."
						+ (address & 0xff);
				assertThat(addresses.contain(text)).as("%s in /%d", text, bits).isEqualTo(flipped >= bits);
			}
		}
	}

}
