package dev.statefun.spring.boot.test.autoconfigure.app;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * The application.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ExampleApplication {

}
