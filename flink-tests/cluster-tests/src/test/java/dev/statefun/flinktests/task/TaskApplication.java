package dev.statefun.flinktests.task;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * A service with one function for each way of waiting, and one that does not wait.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class TaskApplication {

}
