package jaxon.runtime;

import jaxon.collective.Communicator;
import jaxon.graph.op.AxisGroup;

/// How one device of a mesh reaches the others: what collectives in its program run on.
public interface DeviceCollectives {
  /// The communicator with the devices of this device's group.
  Communicator communicator(AxisGroup group);

  /// This device's place in its group.
  int place(AxisGroup group);

  /// Whether collectives are started early and finished late, beside other kernels. Results do not
  /// depend on it.
  boolean overlap();
}
