package dev.statefun.spring.web;

import java.io.IOException;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.util.ContentCachingRequestWrapper;

/**
 * Filters that replace the stream of a request.
 */
final class WrappedRequests {

	private WrappedRequests() {
	}

	static Filter wrapping(Wrapping wrapping) {
		return new HttpFilter() {

			@Override
			protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
					throws IOException, ServletException {
				chain.doFilter(wrapping.wrap(request), response);
			}

		};
	}

	/**
	 * Records the bytes that are read, as for a log.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Caching {

		@Bean
		Filter caching() {
			return wrapping((request) -> new ContentCachingRequestWrapper(request, 100));
		}

	}

	/**
	 * Rejects listeners.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Throwing {

		@Bean
		Filter throwing() {
			return wrapping((request) -> new Wrapper(request, true, (listener) -> {
				throw new UnsupportedOperationException("no listener");
			}));
		}

	}

	/**
	 * Ignores the listener and is always ready.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Ignoring {

		@Bean
		Filter ignoring() {
			return wrapping((request) -> new Wrapper(request, true, (listener) -> {
			}));
		}

	}

	/**
	 * Ignores the listener and is never ready.
	 */
	@Configuration(proxyBeanMethods = false)
	static class NeverReady {

		@Bean
		Filter neverReady() {
			return wrapping((request) -> new Wrapper(request, false, (listener) -> {
			}));
		}

	}

	/**
	 * Does not support asynchronous processing.
	 */
	@Configuration(proxyBeanMethods = false)
	static class WithoutAsync {

		@Bean
		FilterRegistrationBean<Filter> withoutAsync() {
			FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(new HttpFilter() {
			});
			registration.setAsyncSupported(false);
			return registration;
		}

	}

	/**
	 * Wraps requests.
	 */
	@FunctionalInterface
	interface Wrapping {

		HttpServletRequest wrap(HttpServletRequest request);

	}

	/**
	 * Behavior toward a read listener.
	 */
	@FunctionalInterface
	private interface Listening {

		void set(ReadListener listener);

	}

	/**
	 * Request whose stream reads one byte at a time, as simple implementations do.
	 */
	private static final class Wrapper extends HttpServletRequestWrapper {

		private final boolean ready;

		private final Listening listening;

		private Wrapper(HttpServletRequest request, boolean ready, Listening listening) {
			super(request);
			this.ready = ready;
			this.listening = listening;
		}

		@Override
		public ServletInputStream getInputStream() throws IOException {
			ServletInputStream in = super.getInputStream();
			return new ServletInputStream() {

				@Override
				public int read() throws IOException {
					return in.read();
				}

				@Override
				public boolean isFinished() {
					return in.isFinished();
				}

				@Override
				public boolean isReady() {
					return Wrapper.this.ready;
				}

				@Override
				public void setReadListener(ReadListener listener) {
					Wrapper.this.listening.set(listener);
				}

			};
		}

	}

}
