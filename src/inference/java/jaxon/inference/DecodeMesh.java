package jaxon.inference;

import java.time.Duration;
import jaxon.config.Configuration;
import jaxon.config.MeshConfig;
import jaxon.runtime.Backend;
import jaxon.runtime.Backends;
import jaxon.runtime.mesh.DeviceLinks;
import jaxon.runtime.mesh.MeshBackend;
import jaxon.sharding.AxisSizes;
import jaxon.sharding.LogicalAxisRules;
import jaxon.sharding.Mesh;
import jaxon.sharding.MeshAxis;
import jaxon.sharding.Pipelining;
import jaxon.sharding.RuleText;
import jaxon.sharding.ShardingException;

/// The devices of this process that a configuration asks for, and how tensors are cut over them.
record DecodeMesh(Backend backend, Cutting cutting) {
  /// Opens the devices; the caller closes the backend.
  ///
  /// @throws InferenceException if text cannot be made on such a mesh
  static DecodeMesh open(Configuration config) {
    MeshConfig keys = config.mesh();
    if (config.cluster().isDistributed()) {
      throw new InferenceException(
          "num_processes=%d, but text is made by one process; leave coordinator and num_processes out"
              .formatted(config.cluster().numProcesses()));
    }
    try {
      Mesh mesh =
          new AxisSizes(keys.ici(), keys.dcn())
              .mesh(MeshAxis.listed(keys.meshAxes()), config.devices());
      LogicalAxisRules rules = RuleText.parse(keys.logicalAxisRules());
      requireNoStages(mesh);
      return new DecodeMesh(
          backend(config, mesh, rules),
          (axes, type) -> rules.assign(axes, type.shape(), mesh).spec());
    } catch (ShardingException e) {
      throw new InferenceException(
          "%s. num_virtual_devices=%d says how many devices this process has"
              .formatted(e.getMessage(), keys.numVirtualDevices()));
    }
  }

  /// A pipeline works on several parts of a batch at once; a text has one token at a time.
  private static void requireNoStages(Mesh mesh) {
    if (mesh.size(MeshAxis.STAGE) > 1) {
      throw new InferenceException(
          "text is not made on a pipeline, and this mesh has %d stages; set ici_pipeline_parallelism=1"
                  .formatted(mesh.size(MeshAxis.STAGE))
              + " and cut the model along fsdp or tensor instead");
    }
  }

  private static Backend backend(Configuration config, Mesh mesh, LogicalAxisRules rules) {
    String hardware = config.run().hardware();
    Duration deadline = Duration.ofSeconds(config.cluster().collectiveTimeoutSeconds());
    Backend backend =
        mesh.devices() == 1
            ? Backends.open(hardware)
            : MeshBackend.open(
                hardware, DeviceLinks.inProcess(mesh, deadline), rules, Pipelining.DEFAULT);
    if (config.run().numThreads() > 0) {
      backend.setThreads(config.run().numThreads());
    }
    return backend;
  }
}
