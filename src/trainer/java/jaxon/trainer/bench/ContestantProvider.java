package jaxon.trainer.bench;

import java.util.List;
import jaxon.config.Configuration;

/// What a module that brings a framework to compare with registers with `ServiceLoader`.
public interface ContestantProvider {
  /// The name it is chosen by, for example `pytorch`.
  String name();

  /// The settings it can be opened in, the usual one first.
  List<String> variants();

  /// Opens it on the model, data and rates of `config`.
  Contestant open(Configuration config, String variant);
}
