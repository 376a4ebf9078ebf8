package dev.statefun.netty;

import java.util.concurrent.CompletableFuture;

import dev.statefun.testing.ClusterRequest;
import io.netty.channel.EventLoop;

/**
 * Batch without a connection.
 */
final class TestBatch implements EndpointBatch {

	private final byte[] request;

	private final EventLoop loop;

	private final Runnable content;

	private final CompletableFuture<Thread> thread = new CompletableFuture<>();

	TestBatch(String typename, EventLoop loop, Runnable content) {
		this.request = ClusterRequest.v3(typename, "joe").message(1).toByteArray();
		this.loop = loop;
		this.content = content;
	}

	@Override
	public byte[] request() {
		return this.request;
	}

	@Override
	public EventLoop eventLoop() {
		return this.loop;
	}

	@Override
	public int countNeighbors() {
		return 3;
	}

	@Override
	public void run() {
		this.content.run();
		this.thread.complete(Thread.currentThread());
	}

	/**
	 * Return the thread on which the batch has run.
	 * @return completes when it has
	 */
	CompletableFuture<Thread> thread() {
		return this.thread;
	}

}
