package dev.statefun.spring.boot.test.autoconfigure.app;

import org.springframework.stereotype.Service;

/**
 * A service that no function needs.
 */
@Service
public class Unrelated {

}
