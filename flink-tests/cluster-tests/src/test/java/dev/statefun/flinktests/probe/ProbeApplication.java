package dev.statefun.flinktests.probe;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * A service whose functions execute text commands and send their observations to the
 * egress {@code probe/out}.
 */
@SpringBootApplication
public class ProbeApplication {

}
