package jaxon.runtime.program;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import jaxon.graph.type.TensorType;
import jaxon.runtime.host.HostMemory;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.plan.Storage;
import jaxon.runtime.profile.KernelWork;

/// Gives the views of one plan their memory; what actions need to make kernels.
public final class Linkage {
  private final Plan plan;
  private final WorkerPool workers;
  private final ProgramMemory memory;
  private final Anchor arena;
  private final List<Anchor> inputs = new ArrayList<>();
  private final List<Anchor> outputs = new ArrayList<>();
  private final Map<Slot, Anchor> constants = new HashMap<>();
  private final Map<View, Tensor> tensors = new HashMap<>();
  private final IdentityHashMap<Transfer.Link, Transfer> transfers = new IdentityHashMap<>();

  private Linkage(Plan plan, WorkerPool workers, ProgramMemory memory, long arena) {
    this.plan = plan;
    this.workers = workers;
    this.memory = memory;
    this.arena = new Anchor(arena);
    plan.inputs().forEach(_ -> inputs.add(new Anchor(Anchor.NOWHERE)));
    plan.outputs().forEach(_ -> outputs.add(new Anchor(Anchor.NOWHERE)));
    for (Plan.Constant constant : plan.constants()) {
      long address = memory.constant(constant.slot().bytes());
      HostMemory.write(constant.value().toStorage(), address);
      constants.put(constant.slot(), new Anchor(address));
    }
  }

  /// Links `plan`, whose temporaries start at address `arena`, into kernels.
  static LinkedProgram link(Plan plan, WorkerPool workers, ProgramMemory memory, long arena) {
    Linkage linkage = new Linkage(plan, workers, memory, arena);
    List<Kernel> kernels = new ArrayList<>();
    List<KernelWork> works = new ArrayList<>();
    for (Action action : plan.actions()) {
      Kernel kernel = action.link().link(linkage);
      kernels.add(kernel);
      works.add(kernel.work(action.work()));
    }
    List<Tensor> results = new ArrayList<>();
    for (int i = 0; i < plan.outputs().size(); i++) {
      TensorType type = plan.type().outputs().get(i);
      results.add(linkage.tensor(View.dense(plan.outputs().get(i), type)));
    }
    plan.fetches().forEach(fetch -> linkage.transfer(fetch.transfer()));
    return new LinkedProgram(
        plan,
        kernels,
        works,
        linkage.inputs,
        linkage.outputs,
        results,
        Collections.unmodifiableMap(linkage.transfers));
  }

  /// The threads that kernels run on.
  public WorkerPool workers() {
    return workers;
  }

  /// The memory of `view`.
  public Tensor tensor(View view) {
    return tensors.computeIfAbsent(view, this::place);
  }

  /// The one transfer of a collective, for the kernels that start it and wait for it.
  public Transfer transfer(Transfer.Link link) {
    Transfer known = transfers.get(link);
    if (known == null) {
      known = link.link(this);
      transfers.put(link, known);
    }
    return known;
  }

  /// The tensors of several views, in order.
  public List<Tensor> tensors(List<View> views) {
    return views.stream().map(this::tensor).toList();
  }

  /// Links the plan of a region, whose temporaries lie in `workspace`.
  public LinkedProgram region(Plan region, Slot workspace) {
    Tensor place = tensor(View.dense(workspace, workspace.type()));
    return link(region, workers, memory, place.address());
  }

  /// The addresses of scratch slots, which do not move.
  public long[] scratch(List<Slot> slots) {
    return slots.stream()
        .mapToLong(slot -> tensor(View.dense(slot, slot.type())).address())
        .toArray();
  }

  /// Says that a kernel has each of its threads use `bytes` of scratch memory that the thread keeps
  /// for all kernels, besides what the plan provides.
  public void needsPerWorker(long bytes) {
    memory.needsPerWorker(bytes);
  }

  /// Has `resource` closed with the program.
  public void own(AutoCloseable resource) {
    memory.own(resource);
  }

  private Tensor place(View view) {
    Anchor constant = constants.get(view.slot());
    if (constant != null) {
      return new Tensor(view, constant, 0);
    }
    return switch (plan.memory().storage(view.slot().key())) {
      case Storage.Arena(long offset, long _) -> new Tensor(view, arena, offset);
      case Storage.Input(int position) -> new Tensor(view, inputs.get(position), 0);
      case Storage.Output(int position) -> new Tensor(view, outputs.get(position), 0);
      case Storage.External _ ->
          throw new IllegalStateException(plan.name() + ": a constant without a value");
    };
  }
}
