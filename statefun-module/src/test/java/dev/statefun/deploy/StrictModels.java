package dev.statefun.deploy;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import org.jspecify.annotations.NullUnmarked;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reads Kubernetes objects as their models do, and refuses fields that they do not have.
 */
@NullUnmarked
final class StrictModels {

	private static final Map<String, Class<?>> MODELS = Map.of("apps/v1 Deployment",
			io.fabric8.kubernetes.api.model.apps.Deployment.class, "v1 Service", Service.class, "v1 ConfigMap",
			ConfigMap.class, "v1 ServiceAccount", ServiceAccount.class, "v1 PersistentVolumeClaim",
			PersistentVolumeClaim.class, "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
			"rbac.authorization.k8s.io/v1 Role", Role.class, "rbac.authorization.k8s.io/v1 RoleBinding",
			RoleBinding.class);

	private static final String FLINK_DEPLOYMENT = "flink.apache.org/v1beta1 FlinkDeployment";

	private static final ObjectMapper json = new ObjectMapper()
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.setAnnotationIntrospector(new Strictness());

	private StrictModels() {
	}

	static List<Object> read(String yaml) {
		return Documents.in(yaml).stream().map(StrictModels::read).toList();
	}

	private static Object read(Map<String, Object> object) {
		String type = object.get("apiVersion") + " " + object.get("kind");
		if (type.equals(FLINK_DEPLOYMENT)) {
			return flinkDeployment(object);
		}
		Class<?> model = MODELS.get(type);
		if (model == null) {
			throw new IllegalArgumentException("No model for " + type);
		}
		return bind(object, model);
	}

	// The class of the whole object needs a client of Kubernetes, that of its content not
	private static Object flinkDeployment(Map<String, Object> object) {
		assertThat(object).containsOnlyKeys("apiVersion", "kind", "metadata", "spec");
		bind(object.get("metadata"), ObjectMeta.class);
		try {
			return bind(object.get("spec"),
					Class.forName("org.apache.flink.kubernetes.operator.api.spec.FlinkDeploymentSpec"));
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Object bind(Object tree, Class<?> model) {
		try {
			return json.readValue(json.writeValueAsString(tree), model);
		}
		catch (JsonProcessingException ex) {
			throw new IllegalArgumentException(ex.getOriginalMessage(), ex);
		}
	}

	// The models keep fields that they do not know in a map, or ignore them
	private static final class Strictness extends JacksonAnnotationIntrospector {

		@Override
		public Boolean hasAnySetter(Annotated member) {
			return null;
		}

		@Override
		public JsonIgnoreProperties.Value findPropertyIgnoralByName(MapperConfig<?> config, Annotated type) {
			return super.findPropertyIgnoralByName(config, type).withoutIgnoreUnknown();
		}

	}

}
