package dev.statefun.console.browser;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.statefun.console.CompiledTestSource;
import dev.statefun.console.browser.Shop.Faults;
import dev.statefun.console.browser.Shop.Parcel;
import dev.statefun.console.browser.Shop.Pay;
import dev.statefun.console.browser.Shop.Place;
import dev.statefun.console.browser.Shop.Print;
import dev.statefun.console.browser.Shop.Visit;
import dev.statefun.local.LocalRuntime;
import dev.statefun.sdk.Address;
import dev.statefun.sdk.Headers;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the console in a browser, all with one application.
 */
@ExtendWith(BrowserExtension.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ConsoleBrowserIT {

	private static final Log logger = LogFactory.getLog(ConsoleBrowserIT.class);

	private static final String HOSTILE = "<img src=x onerror=document.title='pwned'>";

	/** Time within which the page answers while it is busy. */
	private static final long PROMPT_MILLIS = 200;

	/** Room for a single answer on a machine that does other things, too. */
	private static final long LATE_MILLIS = 1000;

	private static ConfigurableApplicationContext context;

	private static LocalRuntime runtime;

	private static Faults faults;

	private static String console;

	@BeforeAll
	static void start() {
		context = Shop.start("--spring.application.name=shop", "--statefun.local-runtime.enabled=true",
				"--statefun.local-runtime.clock=ahead", "--statefun.local-runtime.ingress-port=0",
				"--statefun.local-runtime.egress-port=0",
				"--statefun.functions.[shop/payments].failure.policy=dead-letter",
				"--statefun.failure.dead-letter.egress=shop/dead-letters",
				"--statefun.failure.dead-letter.topic=dead-letters");
		runtime = context.getBean(LocalRuntime.class);
		faults = context.getBean(Faults.class);
		console = Shop.console(context);
	}

	@AfterAll
	static void stop() {
		if (context != null) {
			faults.gates.values().forEach((gate) -> gate.release(1000));
			context.close();
		}
	}

	private static String view(String path, String... parameters) {
		StringBuilder address = new StringBuilder(console).append(path);
		for (int i = 0; i < parameters.length; i += 2) {
			address.append((i == 0) ? '?' : '&')
				.append(parameters[i])
				.append('=')
				.append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
		}
		return address.toString();
	}

	private static String instance(String type, String id) {
		return view("instance", "type", type, "id", id);
	}

	@Test
	void messageSentByTheFormArrives(Browser browser) {
		browser.open(view("functions"));
		browser.click("a.function-name", "shop/orders");
		browser.click("a.button", "Send a message");
		browser.type("input[name=id]", "by-form");
		browser.choose("select[name=type]", "shop/Place");
		browser.type("textarea.editor", "{\"item\":\"tea\",");
		browser.find(".check-result .bad-text");
		browser.type("textarea.editor", "{\"item\":\"form-tea\",\"quantity\":2}");
		browser.find(".check-result .good-text");
		browser.click("button[type=submit]", "Send");
		browser.find(".sent .outcome", "done");
		browser.click(".sent .message-name");
		browser.find(".tree-row", "form-tea");
		browser.click(".tree-row.selected .address-name");
		browser.find(".state-head", "placed");
		assertThat(browser.text("[data-state=placed] .payload-text")).isEqualTo("1");
	}

	@Test
	void flowShowsTheChainWithItsDelayAndTimer(Browser browser) {
		browser.open(view("flow", "text", "chain-1"));
		runtime.send(Address.of("shop/orders", "chain-1"), new Place("chain-tea", 3), Headers.of("tenant", "acme"));
		// Live: the list is updated without anything being pressed
		browser.click(".summaries tr", "Place");
		browser.find(".tree-row", "shop/stock");
		Browser.eventually(() -> assertThat(rows(browser)).anyMatch((row) -> row.startsWith("shop/orders/chain-1"))
			.anyMatch((row) -> row.startsWith("shop/stock/chain-tea"))
			.anyMatch((row) -> row.contains("reply") && row.contains("shop/orders/chain-1"))
			.anyMatch((row) -> row.contains("after 5 min") && row.contains("shop/mails/chain-tea"))
			.anyMatch((row) -> row.contains("timer restock, 1 h") && row.contains("shop/stock/chain-tea")));
		assertThat(browser.text(".leaf-egress")).contains("reserved, left: 7");
		assertThat(browser.text(".leaf-state")).contains("left", "7");
		assertThat(browser.text(".details")).contains("tenant", "acme", "sent from outside");
		browser.click(".tree-row .message-name[href]", messageOf(browser, "shop/stock/chain-tea"));
		Browser.eventually(() -> assertThat(browser.text(".details")).contains("sent while", "shop/orders")
			.contains("before", "after"));
		// The link leads to the same message
		String link = Objects.requireNonNull(browser.driver().getCurrentUrl());
		browser.open(link);
		Browser.eventually(() -> assertThat(browser.text(".tree-row.selected")).contains("shop/stock"));
	}

	private static List<String> rows(Browser browser) {
		return browser.texts(".tree-row");
	}

	private static String messageOf(Browser browser, String address) {
		return String.valueOf(browser.run(
				"return [...document.querySelectorAll('.tree-row')].find((row) => row.querySelector('.address-name').textContent === arguments[0])"
						+ ".querySelector('.message-name').textContent",
				address));
	}

	@Test
	void clockMovesToATimerWhichFires(Browser browser) {
		runtime.send(Address.of("shop/orders", "timed"), new Place("timed-tea", 4));
		browser.open(instance("shop/stock", "timed-tea"));
		browser.find("[data-state=left] .payload-text", "6");
		browser.click("button[aria-label='Fire timer restock']");
		browser.find("[data-state=left] .payload-text", "10");
		browser.open(view("timers"));
		Browser.eventually(() -> assertThat(browser.text("tr[data-row]")).contains("shop/mails/timed-tea"));
		browser.click("[data-by=PT1H]");
		browser.find(".clock-chip", "+1 h");
		Browser.eventually(() -> assertThat(browser.text("tr[data-row]")).doesNotContain("shop/mails/timed-tea"));
		browser.open(view("egress", "text", "sold 4"));
		browser.click(".record summary", "mails");
		browser.find(".record-content .payload-text", "sold 4");
	}

	@Test
	void eachMessageOfABatchHasItsOwnEffects(Browser browser) {
		List<Parcel> parcels = IntStream.rangeClosed(1, 50).mapToObj(Parcel::new).toList();
		runtime.sendTogether(Address.of("shop/parcels", "batch"), parcels);
		browser.open(view("messages", "type", "shop/parcels", "id", "batch"));
		Browser.eventually(() -> assertThat(browser.texts(".summaries tbody tr")).hasSize(50)
			.allMatch((row) -> row.contains("done")));
		Map<Integer, String> links = new TreeMap<>();
		for (WebElement row : browser.all(".summaries tbody tr")) {
			int number = Integer.parseInt(row.getText().replaceAll("(?s).*\"number\":\\s*(\\d+).*", "$1"));
			links.put(number, row.getDomAttribute("data-row"));
		}
		assertThat(links).hasSize(50);
		links.forEach((number, message) -> {
			browser.go("#/flow/" + message);
			Browser.eventually(() -> assertThat(rows(browser)).hasSize(2)
				.anyMatch((row) -> row.contains("shop/labels/parcel-" + number + "#")));
			assertThat(browser.text(".leaf-state").replaceAll("\\s+", " ")).contains("last").endsWith("→ " + number);
		});
		assertThat(browser.text(".tree-row .chip")).contains("/50");
	}

	@Test
	void editedStateIsUsedByTheNextMessage(Browser browser) {
		runtime.send(Address.of("shop/orders", "edited"), new Place("edited-tea", 1));
		browser.open(instance("shop/orders", "edited"));
		browser.find("[data-state=placed] .payload-text", "1");
		browser.click("[data-state=placed] [data-action=edit]");
		browser.type("dialog textarea", "41");
		browser.press(Keys.chord(Keys.CONTROL, Keys.ENTER));
		browser.find("[data-state=placed] .payload-text", "41");
		runtime.send(Address.of("shop/orders", "edited"), new Place("edited-tea", 1));
		browser.find("[data-state=placed] .payload-text", "42");
	}

	@Test
	void editOfAChangedStateIsRefused(Browser browser) {
		browser.expectRefusals();
		runtime.send(Address.of("shop/orders", "conflict"), new Place("conflict-tea", 1));
		browser.open(instance("shop/orders", "conflict"));
		browser.find("[data-state=placed] .payload-text", "1");
		browser.click("[data-state=placed] [data-action=edit]");
		browser.type("dialog textarea", "many");
		browser.click("dialog button[type=submit]");
		browser.find("dialog .form-error");
		runtime.send(Address.of("shop/orders", "conflict"), new Place("conflict-tea", 1));
		browser.find("[data-state=placed] .payload-text", "2");
		browser.type("dialog textarea", "7");
		browser.click("dialog button[type=submit]");
		browser.find("dialog .form-error", "changed");
		browser.click("dialog .form-error button", "Keep my text");
		browser.click("dialog button[type=submit]");
		browser.find("[data-state=placed] .payload-text", "7");
	}

	@Test
	void failureHasItsStackTraceAndIsOverAfterARetry(Browser browser) {
		faults.printer.put("broken", 1_000_000);
		runtime.send(Address.of("shop/printer", "broken"), new Print("bill"));
		browser.open(view("failures", "type", "shop/printer"));
		browser.find(".card", "shop/printer/broken");
		browser.find(".card .failure-title", "the printer has no paper for bill");
		browser.click(".card .failure summary", "Stack trace");
		browser.find(".card .stack", "Shop$Printer.print");
		browser.click(".card .message-name");
		browser.find(".tree-row .outcome", "retrying");
		faults.printer.put("broken", 0);
		Browser.eventually(() -> assertThat(rows(browser)).singleElement().asString().doesNotContain("retrying"));
		browser.open(view("failures", "type", "shop/printer"));
		browser.find(".card .outcome", "over");
	}

	@Test
	void deadLetterIsSentAgainWithItsHeaders(Browser browser) {
		faults.refused.put("dead", true);
		runtime.send(Address.of("shop/payments", "dead"), new Pay("4711", 250), Headers.of("tenant", "acme"));
		browser.open(view("failures", "kind", "dead-letter", "type", "shop/payments"));
		browser.find(".card .failure-title", "card 4711 is refused");
		faults.refused.put("dead", false);
		browser.click(".card [data-action=send-again]");
		browser.find(".tree-row", "shop/payments");
		browser.find(".tree-row .edge-name", "sent again");
		browser.find(".leaf-egress", "paid by acme");
		assertThat(browser.text(".details .headers")).contains("tenant", "acme");
	}

	@Test
	void copiedTestCompilesAndPasses(Browser browser) throws Exception {
		runtime.send(Address.of("shop/orders", "copied"), new Place("copied-tea", 2));
		browser.open(view("flow", "type", "shop/stock", "text", "copied-tea"));
		browser.click(".summaries tr", "Reserve");
		browser.click("[data-action=test]");
		browser.find("dialog .source");
		String source = browser.text("dialog .source");
		browser.click("dialog button.primary");
		browser.find(".toast", "Copied the test");
		CompiledTestSource.assertPasses(source);
	}

	@Test
	void copiedCommandIsReadByAShell(Browser browser) {
		runtime.send(Address.of("shop/orders", "it's"), new Place("quoted-tea", 2));
		browser.open(view("flow", "text", "it's"));
		browser.click(".summaries tr", "Place");
		browser.click("[data-action=curl]");
		browser.find(".toast", "Copied the curl command");
		WebElement search = browser.find("header input[type=search]");
		search.sendKeys(Keys.chord(Keys.CONTROL, "v"));
		assertThat(String.valueOf(search.getDomProperty("value"))).startsWith("curl ").contains("quoted-tea");
	}

	@Tag("soak")
	@Test
	void pageAnswersPromptlyUnderLoad(Browser browser) throws Exception {
		for (int i = 0; i < 10_000; i++) {
			runtime.send(Address.of("shop/visits", String.format("user-%05d", i)), new Visit("home"));
		}
		ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();
		AtomicInteger sent = new AtomicInteger();
		try {
			load.scheduleAtFixedRate(() -> {
				for (int i = 0; i < 20; i++) {
					runtime.send(
							Address.of("shop/visits",
									String.format("user-%05d", sent.incrementAndGet() * 7919 % 10_000)),
							new Visit("again"));
				}
			}, 0, 20, TimeUnit.MILLISECONDS);
			browser.open(view("function", "type", "shop/visits"));
			browser.find(".instance-id", "user-00000");
			observeLongTasks(browser);
			List<Long> answers = new ArrayList<>();
			for (int page = 1; page <= 5; page++) {
				answers.add(answer(browser, "document.querySelector('[aria-label=\"Next instances\"]').click()",
						firstIs(String.format("user-%05d", page * 25))));
			}
			for (String prefix : List.of("user-099", "user-0421", "user-07777")) {
				answers.add(answer(browser,
						"const field = document.querySelector('section .search'); field.value = '" + prefix
								+ "'; field.dispatchEvent(new Event('input'))",
						firstIs((prefix + "00000").substring(0, 10))));
			}
			browser.go("#/flow");
			browser.find(".summaries tr", "user-");
			answers.add(answer(browser, "location.hash = '#/functions'",
					"document.querySelector('.function-name') !== null"));
			answers.add(answer(browser, "location.hash = '#/flow'",
					"document.querySelector('.summaries tbody tr') !== null"));
			long longest = ((Number) Objects.requireNonNull(browser.run("return window.longestTask"))).longValue();
			logger.info("The page answered after " + answers + " ms; its longest task took " + longest + " ms");
			answers.sort(null);
			assertThat(answers.get(answers.size() / 2)).as("median of %s", answers).isLessThan(PROMPT_MILLIS);
			assertThat(answers).allMatch((answer) -> answer < LATE_MILLIS);
			assertThat(longest).as("longest task").isLessThan(LATE_MILLIS);
			assertThat(((Number) Objects
				.requireNonNull(browser.run("return document.querySelectorAll('.summaries tbody tr').length")))
				.intValue()).isLessThanOrEqualTo(100);
		}
		finally {
			load.shutdownNow();
			load.awaitTermination(10, TimeUnit.SECONDS);
		}
	}

	private static void observeLongTasks(Browser browser) {
		browser.run("window.longestTask = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => "
				+ "window.longestTask = Math.max(window.longestTask, Math.round(entry.duration)))).observe({ entryTypes: ['longtask'] })");
	}

	private static String firstIs(String id) {
		return "document.querySelector('.instance-id')?.textContent === '" + id + "'";
	}

	/** Milliseconds from an action until the page has drawn what it asks for. */
	private static long answer(Browser browser, String action, String shown) {
		String script = "const done = arguments[0]; const start = performance.now(); " + action
				+ "; const look = () => { if (" + shown
				+ ") { done(Math.round(performance.now() - start)); } else { requestAnimationFrame(look); } };"
				+ " requestAnimationFrame(look);";
		return ((Number) Objects.requireNonNull(browser.runAsync(script))).longValue();
	}

	@Test
	void mailboxOfABusyInstanceIsShown(Browser browser) {
		Semaphore gate = new Semaphore(0);
		faults.gates.put("busy", gate);
		try {
			for (int i = 0; i < 20; i++) {
				runtime.send(Address.of("shop/visits", "busy"), new Visit("page-" + i));
			}
			browser.open(instance("shop/visits", "busy"));
			Browser.eventually(() -> assertThat(browser.text(".since")).contains("In flight").contains("waiting"));
			browser.expectRefusals();
			browser.find("[data-state=count]");
		}
		finally {
			gate.release(1000);
		}
		Browser.eventually(() -> assertThat(browser.text(".since")).contains("Idle"));
	}

	@Test
	void namesAndPayloadsAreNeverMarkup(Browser browser) {
		runtime.send(Address.of("shop/orders", HOSTILE), new Place(HOSTILE, 1), Headers.of("tenant", HOSTILE));
		browser.open(view("functions"));
		for (String address : List.of(view("functions"), view("functions", "show", "graph"), view("flow"),
				view("function", "type", "shop/orders"), instance("shop/orders", HOSTILE), instance(HOSTILE, HOSTILE),
				view("timers"), view("failures"), view("egress"), view("requests"), view("module"),
				view("search", "text", HOSTILE), view("send", "function", HOSTILE, "id", HOSTILE))) {
			browser.expectRefusals();
			browser.show(address);
			browser.find("main h1");
			Browser.eventually(() -> assertThat(browser.all("main > [data-loaded], .view-message-error")).isNotEmpty());
			assertThat(browser.all("main img, dialog img")).isEmpty();
			assertThat(browser.driver().getTitle()).doesNotStartWith("pwned");
		}
		browser.open(view("flow", "text", HOSTILE));
		browser.click(".summaries tr", "Place");
		browser.find(".tree-row", HOSTILE);
		Browser.eventually(() -> assertThat(browser.text(".details")).contains(HOSTILE));
		assertThat(browser.all("main img")).isEmpty();
		assertThat(browser.driver().getTitle()).doesNotStartWith("pwned");
	}

	@Test
	void secondTabIsLiveToo(Browser browser) {
		browser.open(view("flow", "text", "two-tabs"));
		String first = browser.driver().getWindowHandle();
		browser.driver().switchTo().newWindow(WindowType.TAB);
		try {
			browser.open(view("flow", "text", "two-tabs"));
			browser.find(".status[data-status=open]");
			runtime.send(Address.of("shop/orders", "two-tabs"), new Place("tea", 1));
			browser.find(".summaries tr", "two-tabs");
		}
		finally {
			browser.driver().close();
			browser.driver().switchTo().window(first);
		}
		browser.find(".summaries tr", "two-tabs");
	}

	@Test
	void everythingIsReachedByTheKeyboard(Browser browser) {
		runtime.send(Address.of("shop/orders", "keys"), new Place("tea", 1));
		browser.open(view("functions"));
		browser.find("a.function-name");
		browser.press("?");
		assertThat(browser.find("dialog").getText()).contains("Next row", "Search");
		browser.press(Keys.ESCAPE);
		browser.press("g");
		browser.press("m");
		browser.find(".summaries tr", "keys");
		browser.press("/");
		browser.press("keys" + Keys.ENTER);
		browser.find("h1", "Search for keys");
		browser.press(Keys.ESCAPE);
		browser.find(".found .address-name", "keys");
		browser.press("j");
		browser.press(Keys.ENTER);
		browser.find("h1 .title-id", "keys");
		browser.press("s");
		Browser.eventually(() -> assertThat(browser.find("input[name=id]").getDomProperty("value")).isEqualTo("keys"));
	}

	@Test
	void viewsFitANarrowScreen(Browser browser) throws Exception {
		runtime.send(Address.of("shop/orders", "narrow"), new Place("narrow-tea", 1));
		browser.size(390, 844);
		try {
			for (String address : views(browser, "narrow")) {
				browser.show(address);
				loaded(browser);
				assertThat(browser.run("return document.documentElement.scrollWidth")).as("width of %s", address)
					.isEqualTo(browser.run("return document.documentElement.clientWidth"));
			}
			browser.show(instance("shop/stock", "narrow-tea"));
			loaded(browser);
			assertThat(Accessibility.seriousViolations(browser)).isEmpty();
			browser.click(".menu-button");
			browser.click("nav a", "Timers");
			browser.find("h1", "Timers and clock");
		}
		finally {
			browser.size(1280, 900);
		}
	}

	@Test
	void darkModeIsKept(Browser browser) {
		browser.open(view("functions"));
		browser.find("a.function-name");
		Object light = browser.run("return getComputedStyle(document.documentElement).backgroundColor");
		browser.press("d");
		Object dark = browser.run("return getComputedStyle(document.documentElement).backgroundColor");
		assertThat(dark).isNotEqualTo(light);
		browser.open(view("failures"));
		loaded(browser);
		assertThat(browser.run("return getComputedStyle(document.documentElement).backgroundColor")).isEqualTo(dark);
		browser.press("d");
		assertThat(browser.run("return getComputedStyle(document.documentElement).backgroundColor")).isEqualTo(light);
	}

	@Test
	void viewsAreAccessible(Browser browser) throws Exception {
		runtime.send(Address.of("shop/orders", "accessible"), new Place("accessible-tea", 1));
		faults.refused.put("accessible", true);
		runtime.send(Address.of("shop/payments", "accessible"), new Pay("4711", 250), Headers.of("tenant", "acme"));
		for (String address : views(browser, "accessible")) {
			browser.show(address);
			browser.run("document.documentElement.dataset.theme = 'light'");
			loaded(browser);
			assertThat(Accessibility.seriousViolations(browser)).as(address).isEmpty();
			browser.run("document.documentElement.dataset.theme = 'dark'");
			assertThat(Accessibility.lowContrasts(browser)).as("%s, dark", address).isEmpty();
		}
	}

	@Test
	void dialogsAreAccessible(Browser browser) throws Exception {
		runtime.send(Address.of("shop/orders", "dialogs"), new Place("dialogs-tea", 1));
		browser.open(instance("shop/stock", "dialogs-tea"));
		browser.click("[data-state=left] [data-action=edit]");
		browser.find("dialog textarea");
		assertThat(Accessibility.seriousViolations(browser)).isEmpty();
		browser.press(Keys.ESCAPE);
		Browser.eventually(() -> assertThat(browser.all("dialog[open]")).isEmpty());
		browser.press("?");
		browser.find("dialog", "Next row");
		assertThat(Accessibility.seriousViolations(browser)).isEmpty();
	}

	private static void loaded(Browser browser) {
		Browser.eventually(
				() -> assertThat(browser.all("main > [data-loaded], .view-message-note:not([hidden])")).isNotEmpty());
	}

	/** All views, about the order of one customer where they can be. */
	private static List<String> views(Browser browser, String order) {
		browser.open(view("flow", "text", order));
		String message = browser.find(".summaries tr[data-row]", "Reserve").getDomAttribute("data-row");
		return List.of(view("functions"), view("functions", "show", "graph"), view("function", "type", "shop/orders"),
				view("flow", "text", order), view("flow/" + message), instance("shop/stock", order + "-tea"),
				view("timers"), view("failures", "type", "shop/payments"), view("egress", "text", order),
				view("send", "function", "shop/orders", "id", "joe"), view("requests", "function", "shop/payments"),
				view("requests", "show", "meters"), view("module"), view("module", "show", "differences"),
				view("search", "text", order));
	}

	@Test
	void screenshotsOfTheDocumentation(Browser browser) throws Exception {
		Address order = Address.of("shop/orders", "4711");
		runtime.send(order, new Place("darjeeling", 3), Headers.of("tenant", "acme"));
		faults.refused.put("pictured", true);
		runtime.send(Address.of("shop/payments", "pictured"), new Pay("4711", 250), Headers.of("tenant", "acme"));
		browser.open(view("flow", "type", "shop/stock", "text", "darjeeling"));
		browser.click(".summaries tr", "Reserve");
		Browser.eventually(() -> assertThat(browser.text(".details")).contains("before", "after"));
		picture(browser, "flow");
		browser.open(instance("shop/stock", "darjeeling"));
		browser.find("button[aria-label='Fire timer restock']");
		picture(browser, "instance");
		browser.open(view("functions", "show", "graph"));
		browser.find(".graph-drawing");
		picture(browser, "graph");
		browser.open(view("failures", "type", "shop/payments", "text", "pictured"));
		browser.click(".card .failure summary", "Stack trace");
		picture(browser, "failure");
		browser.open(view("send", "function", "shop/orders", "id", "4711"));
		browser.find(".check-result .good-text");
		picture(browser, "send");
	}

	/** Writes a picture if the pages of the documentation are to be written. */
	private static void picture(Browser browser, String name) throws IOException {
		Path file = Path.of("../docs/images/console-" + name + ".png");
		byte[] picture = browser.screenshot();
		if (Boolean.getBoolean("statefun.docs.write")) {
			Files.createDirectories(file.getParent());
			Files.write(file, picture);
		}
		assertThat(file).as("written with -Dstatefun.docs.write=true").isNotEmptyFile();
	}

	@Test
	void consoleSurvivesARestart(Browser browser) throws Exception {
		browser.expectRefusals();
		try (RestartableProcess process = RestartableProcess.start()) {
			browser
				.open("http://127.0.0.1:" + process.port() + "/statefun-console/#/send?function=shop/orders&id=kept");
			browser.find(".status[data-status=open]");
			browser.choose("select[name=type]", "shop/Place");
			browser.type("textarea.editor", "{\"item\":\"tea\",\"quantity\":2}");
			browser.find(".check-result .good-text");
			browser.click("button[type=submit]", "Send");
			browser.find(".sent .outcome", "done");
			browser.run("window.before = true");
			browser.go("#/instance?type=shop/orders&id=kept");
			browser.find("[data-state=placed] .payload-text", "1");
			process.restart();
			browser.find(".toast", "restarted");
			browser.find(".status[data-status=open]");
			browser.find("[data-state=placed] .payload-text", "1");
			browser.click("a.button", "Send a message");
			browser.choose("select[name=type]", "shop/Place");
			browser.type("textarea.editor", "{\"item\":\"tea\",\"quantity\":2}");
			browser.find(".check-result .good-text");
			// The token is another one now
			browser.click("button[type=submit]", "Send");
			browser.find(".sent .outcome", "done");
			browser.go("#/instance?type=shop/orders&id=kept");
			browser.find("[data-state=placed] .payload-text", "2");
			assertThat(browser.run("return window.before")).isEqualTo(true);
		}
	}

}
