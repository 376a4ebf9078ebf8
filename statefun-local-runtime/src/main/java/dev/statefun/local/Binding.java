package dev.statefun.local;

import java.util.List;

import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;

/**
 * Endpoint and declared states of a function.
 *
 * @param endpoint endpoint that its requests go to
 * @param states its states
 */
record Binding(FunctionEndpoint endpoint, List<StateDescriptor> states) {

}
