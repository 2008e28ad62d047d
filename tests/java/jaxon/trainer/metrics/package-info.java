/// Tests of the metrics package.
@NullMarked
package jaxon.trainer.metrics;

import org.jspecify.annotations.NullMarked;
