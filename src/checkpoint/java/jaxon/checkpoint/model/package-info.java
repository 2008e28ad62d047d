/// Models on disk, whatever form they have there.
///
/// Flow: [jaxon.checkpoint.model.StoredModel#open] takes the path that a user gives and finds a
/// checkpoint or a Hugging Face repository; it gives the settings of a configuration that make the
/// model, and the parameters by path as a configured model has them.
/// [jaxon.checkpoint.model.ParameterCheckpoint] writes such parameters as a checkpoint. Start at
/// [jaxon.checkpoint.model.StoredModel]. Nothing here knows devices or the training loop.
@NullMarked
package jaxon.checkpoint.model;

import org.jspecify.annotations.NullMarked;
