package dev.statefun.testing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;

/**
 * Finds knots: groups of classes that all depend on each other, directly or through
 * others of the group. Nested classes belong to their outermost class.
 */
public final class ClassKnots {

	private final Map<String, Collection<String>> dependencies = new TreeMap<>();

	private final Map<String, Integer> order = new HashMap<>();

	private final Map<String, Integer> lowest = new HashMap<>();

	private final Deque<String> open = new ArrayDeque<>();

	private final List<List<String>> knots = new ArrayList<>();

	private ClassKnots(Iterable<JavaClass> classes) {
		for (JavaClass javaClass : classes) {
			Collection<String> targets = this.dependencies.computeIfAbsent(outermost(javaClass),
					(name) -> new TreeSet<>());
			for (Dependency dependency : javaClass.getDirectDependenciesFromSelf()) {
				targets.add(outermost(dependency.getTargetClass().getBaseComponentType()));
			}
		}
	}

	/**
	 * Find knots of more than one class.
	 * @param classes the classes to examine; dependencies on others are ignored
	 * @return the names of the classes of each knot, sorted
	 */
	public static List<List<String>> in(Iterable<JavaClass> classes) {
		ClassKnots knots = new ClassKnots(classes);
		knots.dependencies.keySet().forEach((name) -> {
			if (!knots.order.containsKey(name)) {
				knots.visit(name);
			}
		});
		return knots.knots;
	}

	private static String outermost(JavaClass javaClass) {
		JavaClass outer = javaClass;
		while (outer.getEnclosingClass().isPresent()) {
			outer = outer.getEnclosingClass().get();
		}
		return outer.getName();
	}

	// Tarjan's algorithm
	private void visit(String name) {
		int position = this.order.size();
		this.order.put(name, position);
		this.lowest.put(name, position);
		this.open.push(name);
		for (String target : this.dependencies.getOrDefault(name, List.of())) {
			if (!this.dependencies.containsKey(target)) {
				continue;
			}
			if (!this.order.containsKey(target)) {
				visit(target);
				this.lowest.merge(name, this.lowest.get(target), Math::min);
			}
			else if (this.open.contains(target)) {
				this.lowest.merge(name, this.order.get(target), Math::min);
			}
		}
		if (this.lowest.get(name) == position) {
			close(name);
		}
	}

	private void close(String root) {
		List<String> knot = new ArrayList<>();
		String name;
		do {
			name = this.open.pop();
			knot.add(name);
		}
		while (!name.equals(root));
		if (knot.size() > 1) {
			this.knots.add(knot.stream().sorted().toList());
		}
	}

}
