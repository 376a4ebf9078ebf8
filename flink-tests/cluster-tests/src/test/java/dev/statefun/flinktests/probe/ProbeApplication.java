package dev.statefun.flinktests.probe;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * A service whose functions do what a text command says and tell the egress
 * {@code probe/out} what they see.
 */
@SpringBootApplication
public class ProbeApplication {

}
