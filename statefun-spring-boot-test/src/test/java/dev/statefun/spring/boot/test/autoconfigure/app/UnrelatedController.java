package dev.statefun.spring.boot.test.autoconfigure.app;

import org.springframework.web.bind.annotation.RestController;

/**
 * A controller.
 */
@RestController
class UnrelatedController {

}
