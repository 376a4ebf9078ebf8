package dev.statefun.sdk.registry;

/**
 * The tables that call the handlers of a registry. Used by one thread.
 */
final class HandlerTables {

	private HandlerTable last = new HandlerTable();

	/**
	 * Return a table that a call can be added to.
	 * @return the table
	 */
	HandlerTable withRoom() {
		if (this.last.isFull()) {
			this.last = new HandlerTable();
		}
		return this.last;
	}

}
