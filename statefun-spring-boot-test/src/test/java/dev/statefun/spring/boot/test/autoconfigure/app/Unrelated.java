package dev.statefun.spring.boot.test.autoconfigure.app;

import org.springframework.stereotype.Service;

/**
 * A service that no function uses.
 */
@Service
public class Unrelated {

}
