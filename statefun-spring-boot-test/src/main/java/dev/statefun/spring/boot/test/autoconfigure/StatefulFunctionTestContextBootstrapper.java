package dev.statefun.spring.boot.test.autoconfigure;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/**
 * Prepares the context of a {@link StatefulFunctionTest @StatefulFunctionTest}.
 */
class StatefulFunctionTestContextBootstrapper extends TestSliceTestContextBootstrapper<StatefulFunctionTest> {

}
