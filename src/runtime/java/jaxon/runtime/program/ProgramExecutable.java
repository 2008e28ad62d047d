package jaxon.runtime.program;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import jaxon.graph.type.FunctionType;
import jaxon.runtime.Buffer;
import jaxon.runtime.Device;
import jaxon.runtime.Executable;
import jaxon.runtime.ExecutionCheck;
import jaxon.runtime.MemoryUse;
import jaxon.runtime.host.HostBlock;
import jaxon.runtime.host.MemoryPool;
import jaxon.runtime.host.WorkerPool;
import jaxon.runtime.plan.Storage;
import org.jspecify.annotations.Nullable;

/// A linked program with memory of its own; one execution at a time.
public final class ProgramExecutable implements Executable {
  private final Plan plan;
  private final SortedSet<Integer> donated;
  private final Device device;
  private final MemoryPool pool;
  private final WorkerPool workers;
  private final ProgramMemory memory;
  private final LinkedProgram program;
  private boolean closed;

  /// @param donated positions of the inputs that `plan` was made to take over
  public ProgramExecutable(
      Plan plan, SortedSet<Integer> donated, Device device, MemoryPool pool, WorkerPool workers) {
    this.plan = plan;
    this.donated = donated;
    this.device = device;
    this.pool = pool;
    this.workers = workers;
    this.memory = new ProgramMemory(plan.memory().arenaBytes(), pool);
    this.program = Linkage.link(plan, workers, memory, memory.arena());
  }

  @Override
  public FunctionType type() {
    return plan.type();
  }

  @Override
  public MemoryUse memory() {
    long fresh = 0;
    for (int i = 0; i < plan.outputs().size(); i++) {
      fresh += plan.needsPlace(i) ? plan.type().outputs().get(i).bytes() : 0;
    }
    return MemoryUse.of(
        plan.type(),
        fresh,
        plan.memory().arenaBytes(),
        memory.constantBytes(),
        workers.threads() * memory.workerBytes());
  }

  @Override
  public synchronized List<Buffer> execute(List<Buffer> inputs) {
    if (closed) {
      throw new IllegalStateException("executable '" + plan.name() + "' is closed");
    }
    ExecutionCheck.inputs(plan.type().inputs(), device, donated, inputs);
    for (int i = 0; i < inputs.size(); i++) {
      program.input(i, ((HostBuffer) inputs.get(i)).address());
    }
    List<@Nullable HostBlock> places = new ArrayList<>();
    for (int i = 0; i < plan.outputs().size(); i++) {
      places.add(plan.needsPlace(i) ? place(i) : null);
    }
    memory.startRun();
    program.run();
    return results(inputs, places);
  }

  private HostBlock place(int output) {
    HostBlock block = pool.take(plan.type().outputs().get(output).bytes());
    program.output(output, block.address());
    return block;
  }

  /// Wraps the outputs, some of which are in donated inputs, and closes the donated inputs.
  private List<Buffer> results(List<Buffer> inputs, List<@Nullable HostBlock> places) {
    List<Buffer> results = new ArrayList<>();
    for (int i = 0; i < places.size(); i++) {
      HostBlock block = places.get(i);
      if (block == null) {
        block = ((HostBuffer) inputs.get(donatedInput(i))).release();
      }
      results.add(new HostBuffer(plan.type().outputs().get(i), device, pool, block));
    }
    donated.forEach(position -> inputs.get(position).close());
    return results;
  }

  /// The donated input whose memory output `output` has taken over.
  private int donatedInput(int output) {
    if (plan.memory().storage(plan.outputs().get(output).key())
        instanceof Storage.Input(int position)) {
      return position;
    }
    throw new IllegalStateException("output " + output + " of " + plan.name() + " has no memory");
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      memory.close();
    }
  }
}
