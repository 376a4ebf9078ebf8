package dev.statefun.docs;

import dev.statefun.docs.Cart.AddItem;
import dev.statefun.sample.messages.Count;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.annotation.RegisterReflection;
import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@RegisterReflection(classes = { Count.class, Count.Builder.class },
		memberCategories = MemberCategory.INVOKE_PUBLIC_METHODS)
@RegisterReflectionForBinding(AddItem.class)
class OwnHints {

}
