package dev.statefun.console.browser;

import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.logging.Level;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.json.Json;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * Chromium without a window, driven by the installed driver. It collects what a page must
 * not do: errors in the console, violations of the content security policy, and requests
 * to other hosts.
 */
final class Browser implements AutoCloseable {

	private static final Path BINARY = Path.of(System.getProperty("browser.binary", "/usr/bin/chromium"));

	private static final Path DRIVER = Path.of(System.getProperty("browser.driver", "/usr/bin/chromedriver"));

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final Duration POLL = Duration.ofMillis(40);

	/** In one step, since rows of a busy list are replaced all the time. */
	private static final String FIND = "return [...document.querySelectorAll(arguments[0])].find((element) => "
			+ "element.checkVisibility() && element.textContent.includes(arguments[1])) ?? null";

	private final ChromeDriver driver;

	private final Set<String> hosts = new HashSet<>();

	private final List<String> problems = new ArrayList<>();

	private boolean expectsRefusals;

	Browser() {
		// Both paths are given, so that nothing is looked for or downloaded
		ChromeDriverService service = new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile())
			.usingAnyFreePort()
			.build();
		ChromeOptions options = new ChromeOptions();
		options.setBinary(BINARY.toFile());
		options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
				"--no-first-run", "--disable-background-networking", "--disable-component-update",
				"--disable-default-apps", "--disable-sync", "--hide-scrollbars", "--window-size=1280,900");
		LoggingPreferences logs = new LoggingPreferences();
		logs.enable(LogType.BROWSER, Level.ALL);
		logs.enable(LogType.PERFORMANCE, Level.ALL);
		options.setCapability("goog:loggingPrefs", logs);
		this.driver = new ChromeDriver(service, options);
		this.driver.manage().timeouts().scriptTimeout(LIMIT);
	}

	static boolean isInstalled() {
		return Files.isExecutable(BINARY) && Files.isExecutable(DRIVER);
	}

	static String paths() {
		return BINARY + " and " + DRIVER;
	}

	ChromeDriver driver() {
		return this.driver;
	}

	/** Opens a page, whose host is then the only one that may be called. */
	void open(String address) {
		this.hosts.add(URI.create(address).getAuthority());
		// A new document, even if only the fragment differs
		this.driver.get("about:blank");
		this.driver.get(address);
	}

	/** Follows a link within the page that is open. */
	void go(String fragment) {
		show(Objects.requireNonNull(this.driver.getCurrentUrl()).replaceFirst("#.*", "") + fragment);
	}

	/** Shows another view of the page that is open, without loading the page again. */
	void show(String address) {
		runAsync("const done = arguments[1]; if (location.href === arguments[0]) { done(); return; }"
				+ " addEventListener('hashchange', () => setTimeout(done), { once: true }); location.href = arguments[0]",
				address);
	}

	void size(int width, int height) {
		this.driver.manage().window().setSize(new Dimension(width, height));
	}

	@Nullable Object run(String script, Object... arguments) {
		return this.driver.executeScript(script, arguments);
	}

	@Nullable Object runAsync(String script, Object... arguments) {
		return this.driver.executeAsyncScript(script, arguments);
	}

	static ConditionFactory await() {
		return Awaitility.await().atMost(LIMIT).pollDelay(Duration.ZERO).pollInterval(POLL);
	}

	/** Waits until an assertion holds; elements may be replaced meanwhile. */
	static void eventually(ThrowingRunnable assertion) {
		await().ignoreException(StaleElementReferenceException.class).untilAsserted(assertion);
	}

	List<WebElement> all(String css) {
		return this.driver.findElements(By.cssSelector(css));
	}

	/** Waits for a visible element. */
	WebElement find(String css) {
		return find(css, "");
	}

	/** Waits for a visible element whose text contains another text. */
	WebElement find(String css, String text) {
		return await().alias(css + " with '" + text + "'")
			.until(() -> (WebElement) run(FIND, css, text), (found) -> found != null);
	}

	/** Text of all elements of a kind, read in one step. */
	@SuppressWarnings("unchecked")
	List<String> texts(String css) {
		return (List<String>) Objects.requireNonNull(
				run("return [...document.querySelectorAll(arguments[0])].map((element) => element.textContent.trim())",
						css));
	}

	String text(String css) {
		return String.join("\n", texts(css));
	}

	void click(String css) {
		await().ignoreExceptions().until(() -> {
			find(css).click();
			return true;
		});
	}

	void click(String css, String text) {
		await().ignoreExceptions().until(() -> {
			find(css, text).click();
			return true;
		});
	}

	/** Replaces the text of a field, as if it was typed. */
	void type(String css, String text) {
		WebElement field = find(css);
		field.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
		field.sendKeys(text);
	}

	/** Presses keys where the focus is. */
	void press(CharSequence... keys) {
		this.driver.switchTo().activeElement().sendKeys(keys);
	}

	/** Chooses an option of a list by its value. */
	void choose(String css, String value) {
		find(css);
		await().until(() -> Boolean.TRUE.equals(run("const list = document.querySelector(arguments[0]);"
				+ "list.value = arguments[1]; list.dispatchEvent(new Event('change')); return list.value === arguments[1]",
				css, value)));
	}

	byte[] screenshot() {
		return this.driver.getScreenshotAs(OutputType.BYTES);
	}

	/** From now until the end of the test answers may be errors, or missing. */
	void expectRefusals() {
		this.expectsRefusals = true;
	}

	/** Returns what pages have done wrong since the last call. */
	List<String> takeProblems() {
		this.driver.manage().logs().get(LogType.BROWSER).forEach(this::checkConsole);
		this.driver.manage().logs().get(LogType.PERFORMANCE).forEach(this::checkEvent);
		List<String> result = List.copyOf(this.problems);
		this.problems.clear();
		this.expectsRefusals = false;
		return result;
	}

	/** Errors of scripts, of the console and of the content security policy. */
	private void checkConsole(LogEntry entry) {
		boolean refusal = entry.getMessage().contains("Failed to load resource");
		if (entry.getLevel().intValue() >= Level.SEVERE.intValue() && !(refusal && this.expectsRefusals)) {
			this.problems.add(entry.getMessage());
		}
	}

	private void checkEvent(LogEntry entry) {
		Map<String, Object> event = new Json().toType(entry.getMessage(), Json.MAP_TYPE);
		Map<String, Object> message = map(event.get("message"));
		if ("Network.requestWillBeSent".equals(message.get("method"))) {
			checkRequest(String.valueOf(map(map(message.get("params")).get("request")).get("url")));
		}
	}

	private void checkRequest(String address) {
		if (address.startsWith("data:") || address.startsWith("blob:") || address.startsWith("about:")) {
			return;
		}
		if (!this.hosts.contains(URI.create(address).getAuthority())) {
			this.problems.add("request to " + address);
		}
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> map(@Nullable Object value) {
		return (value != null) ? (Map<String, Object>) value : Map.of();
	}

	@Override
	public void close() {
		this.driver.quit();
	}

	/** Folder for what a failed test leaves. */
	static File reports() {
		return new File("target/browser");
	}

}
