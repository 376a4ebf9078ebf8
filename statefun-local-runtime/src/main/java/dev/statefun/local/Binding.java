package dev.statefun.local;

import java.util.List;

import dev.statefun.sdk.registry.FunctionDescriptor.StateDescriptor;

/**
 * Where the requests for a function go, and which states it declares.
 *
 * @param endpoint where its requests go
 * @param states its states
 */
record Binding(FunctionEndpoint endpoint, List<StateDescriptor> states) {

}
