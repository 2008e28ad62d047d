package jaxon.trainer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import jaxon.config.Configuration;
import jaxon.config.MeshConfig;
import jaxon.graph.op.LogicalAxes;
import jaxon.graph.type.TensorType;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.runtime.mesh.DeviceLinks;
import jaxon.runtime.mesh.MeshBackend;
import jaxon.sharding.AxisSizes;
import jaxon.sharding.LogicalAxisRules;
import jaxon.sharding.Mesh;
import jaxon.sharding.MeshAxis;
import jaxon.sharding.PartitionSpec;
import jaxon.sharding.Pipelining;
import jaxon.sharding.RuleText;
import jaxon.sharding.ShardingException;

/// The devices of a run, and how its tensors are cut over them.
///
/// @param rules from the logical axes that layers speak to the axes of the mesh
/// @param localDevices how many of the devices are in this process
/// @param optimizerOverData whether the optimizer's state is cut over the axis `data` as well
record RunMesh(Mesh mesh, LogicalAxisRules rules, int localDevices, boolean optimizerOverData) {
  /// A mesh with all its devices in this process.
  RunMesh(Mesh mesh, LogicalAxisRules rules) {
    this(mesh, rules, mesh.devices(), false);
  }

  /// This mesh with the optimizer's state cut over `data` as well.
  RunMesh withOptimizerOverData() {
    return new RunMesh(mesh, rules, localDevices, true);
  }

  /// The mesh that a configuration asks for.
  ///
  /// @throws TrainingException if its sizes do not fit each other, the devices or the layers
  static RunMesh of(Configuration config) {
    MeshConfig keys = config.mesh();
    try {
      Mesh mesh =
          new AxisSizes(keys.ici(), keys.dcn())
              .mesh(MeshAxis.listed(keys.meshAxes()), config.devices());
      RunPipelining.of(config, mesh);
      return new RunMesh(
          mesh,
          RuleText.parse(keys.logicalAxisRules()),
          keys.numVirtualDevices(),
          keys.shardOptimizerOverData());
    } catch (ShardingException e) {
      throw TrainingException.usage(
          "%s. num_virtual_devices=%d says how many devices this process has"
              .formatted(e.getMessage(), keys.numVirtualDevices()));
    }
  }

  /// Opens the devices: a backend as it is, or several of this process as one.
  Backend open(Configuration config) {
    Duration deadline = Duration.ofSeconds(config.cluster().collectiveTimeoutSeconds());
    return mesh.devices() == 1
        ? withThreads(Backends.open(config.run().hardware()), config)
        : open(config, DeviceLinks.inProcess(mesh, deadline));
  }

  /// Opens the devices of this process, which reach the others by `links`.
  Backend open(Configuration config, DeviceLinks links) {
    Pipelining pipelining = RunPipelining.of(config, mesh);
    boolean overlap = config.mesh().overlapCollectives();
    return withThreads(
        MeshBackend.open(config.run().hardware(), links, rules, pipelining, overlap), config);
  }

  private static Backend withThreads(Backend backend, Configuration config) {
    if (config.run().numThreads() > 0) {
      backend.setThreads(config.run().numThreads());
    }
    return backend;
  }

  /// How a tensor is cut.
  PartitionSpec spec(LogicalAxes axes, TensorType type) {
    return rules.assign(axes, type.shape(), mesh).spec();
  }

  /// How the optimizer's state of a parameter is cut: as the parameter, and over `data` along the
  /// dim of which a device has most, if that divides; never along the layers, which come one after
  /// the other in a loop.
  PartitionSpec optimizerSpec(LogicalAxes axes, TensorType type) {
    PartitionSpec own = spec(axes, type);
    int n = mesh.size(MeshAxis.DATA);
    if (!optimizerOverData || n == 1 || own.axes().contains(MeshAxis.DATA)) {
      return own;
    }
    int best = -1;
    long most = 0;
    for (int dim = 0; dim < own.rank(); dim++) {
      long local = type.shape().dim(dim) / mesh.size(own.dims().get(dim));
      if (!axes.names().get(dim).endsWith("layers") && local % n == 0 && local > most) {
        best = dim;
        most = local;
      }
    }
    if (best < 0) {
      return own;
    }
    List<List<String>> dims = new ArrayList<>(own.dims());
    List<String> cut = new ArrayList<>(dims.get(best));
    cut.add(MeshAxis.DATA);
    dims.set(best, cut);
    return new PartitionSpec(dims);
  }
}
