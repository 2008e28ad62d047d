/// From a configuration to a model: the one place that knows every model family.
///
/// [Models] traces the init program of the configured family; what it gives is an
/// [InitializedModel].
@NullMarked
package jaxon.layers.models;

import org.jspecify.annotations.NullMarked;
