package jaxon.trainer.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import jaxon.config.Configuration;
import jaxon.runtime.Backends;
import jaxon.trainer.TrainingSession;
import jaxon.trainer.metrics.MetricNames;

/// Finds contestants by name: `hardware:NAME` is this engine on that backend, others are found by
/// `ServiceLoader` and may name a variant, as in `pytorch:naive`.
public final class Contestants {
  private static final String HARDWARE = "hardware:";

  private Contestants() {}

  /// Every name that can be opened here.
  public static List<String> names() {
    List<String> names = new ArrayList<>();
    Backends.names().forEach(name -> names.add(HARDWARE + name));
    for (ContestantProvider provider : ServiceLoader.load(ContestantProvider.class)) {
      provider.variants().forEach(variant -> names.add(provider.name() + ":" + variant));
    }
    return names;
  }

  /// The key=value override that makes a configuration fit for the contestant.
  public static Optional<String> override(String name) {
    return name.startsWith(HARDWARE)
        ? Optional.of("hardware=" + name.substring(HARDWARE.length()))
        : Optional.empty();
  }

  /// Opens a contestant; `config` has its [#override].
  ///
  /// @throws IllegalArgumentException if there is none of that name
  public static Contestant open(String name, Configuration config) {
    if (name.equals(HARDWARE + config.run().hardware())) {
      return new Session(TrainingSession.open(config));
    }
    int colon = name.indexOf(':');
    String plain = colon < 0 ? name : name.substring(0, colon);
    for (ContestantProvider provider : ServiceLoader.load(ContestantProvider.class)) {
      if (provider.name().equals(plain)) {
        String variant = colon < 0 ? provider.variants().getFirst() : name.substring(colon + 1);
        if (provider.variants().contains(variant)) {
          return provider.open(config, variant);
        }
      }
    }
    throw new IllegalArgumentException(
        "there is no contestant '%s'; there are %s. Other frameworks come with the Maven profile peers: set JAXON_PROFILES=peers"
            .formatted(name, names()));
  }

  /// This engine.
  private record Session(TrainingSession session) implements Contestant {
    @Override
    public String describe() {
      return "jaxon on " + session.backend().devices().getFirst();
    }

    @Override
    public double step() {
      return session.step().getOrDefault(MetricNames.LOSS, Double.NaN);
    }

    @Override
    public void close() {
      session.close();
    }
  }
}
