package dev.statefun.console.browser;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.ByteString;
import dev.statefun.console.FlinkRestServer;
import dev.statefun.console.browser.Shop.Place;
import dev.statefun.local.LocalRuntime;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.handler.RequestReplyHandler;
import dev.statefun.testing.ClusterRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the console in a browser, in front of a cluster and without changes.
 */
@ExtendWith(BrowserExtension.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ConsoleModesBrowserIT {

	@Test
	void clusterShowsItsRequestsAndItsJob(Browser browser) throws Exception {
		try (FlinkRestServer flink = new FlinkRestServer();
				ConfigurableApplicationContext context = Shop.start("--statefun.console.enabled=true",
						"--statefun.console.flink-rest=" + flink.url())) {
			String console = Shop.console(context);
			browser.open(console + "requests");
			browser.find(".status[data-status=open]");
			RequestReplyHandler handler = context.getBean(RequestReplyHandler.class);
			handler.handle(ClusterRequest.v3("shop/orders", "joe")
				.absentState("placed")
				.message("shop/Place", ByteString.copyFromUtf8("{\"item\":\"tea\",\"quantity\":1}"))
				.toByteArray());
			handler.handle(ClusterRequest.v3("shop/orders", "ann")
				.absentState("placed")
				.message("shop/Unknown", ByteString.EMPTY)
				.toByteArray());
			browser.find("tr[data-row]", "joe");
			assertThat(browser.find("tr[data-row]", "ann").getText()).contains("shop/Unknown");
			browser.click("[role=group] button", "Flink job");
			assertThat(browser.find(".flink", "RUNNING").getText()).contains("Flink 1.16.2",
					"12 checkpoints, 1 failed");
			browser.show(console + "functions");
			browser.find(".function-name", "shop/orders");
			browser.show(console + "failures?type=shop/orders");
			browser.find(".card .failure-title", "shop/Unknown");
			assertThat(browser.all("[data-action=send-again]")).isEmpty();
			browser.expectRefusals();
			for (String view : new String[] { "timers", "instance?type=shop/orders&id=joe", "send" }) {
				browser.show(console + view);
				browser.find(".view-message-note", "Not available here");
			}
		}
	}

	@Test
	void readOnlyConsoleOffersNoChange(Browser browser) {
		try (ConfigurableApplicationContext context = Shop.start("--statefun.console.read-only=true",
				"--statefun.local-runtime.enabled=true", "--statefun.local-runtime.clock=ahead",
				"--statefun.local-runtime.ingress-port=0", "--statefun.local-runtime.egress-port=0")) {
			String console = Shop.console(context);
			LocalRuntime runtime = context.getBean(LocalRuntime.class);
			runtime.send(Address.of("shop/orders", "read"), new Place("read-tea", 1));
			browser.open(console + "instance?type=shop/stock&id=read-tea");
			browser.find("[data-state=left] .payload-text", "9");
			browser.find("tr[data-row]", "restock");
			assertThat(browser.find(".notice").getText()).contains("Read-only");
			assertThat(browser.all("[data-action=edit], .c-actions button")).isEmpty();
			browser.show(console + "timers");
			browser.find("tr[data-row]", "restock");
			assertThat(browser.all(".clock-controls button, .c-actions button")).isEmpty();
			browser.expectRefusals();
			browser.show(console + "send?function=shop/orders&id=joe");
			assertThat(browser.find("button[type=submit][title='The console is read-only']").isEnabled()).isFalse();
			// Still live
			browser.show(console + "flow");
			runtime.advance(Duration.ofMinutes(5));
			browser.find(".summaries tr", "shop/mails");
		}
	}

}
