package dev.statefun.flinktests.task;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * A service with one function for each way to wait, and one that does not.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class TaskApplication {

}
