package dev.statefun.sdk;

import java.util.List;

/**
 * A value that can be changed in place.
 *
 * @param items what is in it
 */
record Basket(List<String> items) {

}
