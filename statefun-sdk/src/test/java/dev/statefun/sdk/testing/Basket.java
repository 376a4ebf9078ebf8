package dev.statefun.sdk.testing;

import java.util.List;

/**
 * A value that can be changed in place.
 *
 * @param items its items
 */
public record Basket(List<String> items) {

}
