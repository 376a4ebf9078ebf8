package dev.statefun.spring.boot.test.autoconfigure;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/**
 * Test context bootstrapper for {@link StatefulFunctionTest @StatefulFunctionTest}.
 */
class StatefulFunctionTestContextBootstrapper extends TestSliceTestContextBootstrapper<StatefulFunctionTest> {

}
