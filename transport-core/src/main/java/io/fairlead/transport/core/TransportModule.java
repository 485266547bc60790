package io.fairlead.transport.core;

import com.google.inject.AbstractModule;
import com.google.inject.BindingAnnotation;
import com.google.inject.Key;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.MapBinder;
import com.google.inject.multibindings.OptionalBinder;
import io.fairlead.transport.Transport;
import io.fairlead.transport.TransportConfig;
import io.fairlead.transport.spi.TransportContext;
import io.fairlead.transport.spi.TransportProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Binds a singleton {@link Transport}: the chosen one of the installed providers and of those bound in the {@code
 * MapBinder<String, TransportProvider>}. Uses a {@link MeterRegistry} if one is bound, and an {@link Executor} bound as {@link
 * Handlers} for message handlers. The transport starts when it is first asked for; whoever owns the injector closes it.
 */
public final class TransportModule extends AbstractModule {
    /** Marks the executor of message handlers. */
    @BindingAnnotation
    @Retention(RetentionPolicy.RUNTIME)
    public @interface Handlers {}

    private final TransportChoice choice;
    private final TransportConfig config;

    public TransportModule(TransportChoice choice, TransportConfig config) {
        this.choice = choice;
        this.config = config;
    }

    @Override
    protected void configure() {
        MapBinder<String, TransportProvider> providers =
                MapBinder.newMapBinder(binder(), String.class, TransportProvider.class);
        Transports.installed()
                .forEach((name, provider) -> providers.addBinding(name).toInstance(provider));
        OptionalBinder.newOptionalBinder(binder(), MeterRegistry.class);
        OptionalBinder.newOptionalBinder(binder(), Key.get(Executor.class, Handlers.class));
        bind(TransportConfig.class).toInstance(config);
    }

    @Provides
    @Singleton
    Transport transport(
            Map<String, TransportProvider> providers,
            Optional<MeterRegistry> meters,
            @Handlers Optional<Executor> handlers) {
        TransportContext context = TransportContext.plain();
        if (meters.isPresent()) {
            context = context.with(meters.get());
        }
        if (handlers.isPresent()) {
            context = context.with(handlers.get());
        }
        return Transports.open(choice, providers.values(), config, context);
    }
}
