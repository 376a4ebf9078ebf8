package dev.statefun.spring.boot.test.autoconfigure.app;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * An application with more beans than the slice.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class ExampleApplication {

}
