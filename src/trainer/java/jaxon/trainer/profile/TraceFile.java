package jaxon.trainer.profile;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import jaxon.runtime.profile.KernelEvent;
import jaxon.runtime.profile.KernelWork;
import jaxon.runtime.profile.Profiler;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/// Writes a [Profile] in Chrome's trace event format, which Perfetto and `chrome://tracing` open.
///
/// One track has the steps, one each thread; a kernel tells its work and how close it came to its
/// own roofline. The format: "Trace Event Format", Google, 2016.
public final class TraceFile {
  private static final int PROCESS = 1;
  private static final int STEPS = 0;

  /// Below the workers.
  private static final int COLLECTIVES = 10_000;

  private TraceFile() {}

  /// Writes the file; an earlier one is replaced.
  public static void write(Path file, Profile profile) throws IOException {
    long origin = profile.steps().stream().mapToLong(Profile.StepSpan::startNanos).min().orElse(0);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        JsonGenerator json = JsonMapper.shared().createGenerator(out)) {
      json.writeStartObject();
      json.writeStringProperty("displayTimeUnit", "ms");
      json.writeArrayPropertyStart("traceEvents");
      names(json, profile);
      for (Profile.StepSpan step : profile.steps()) {
        begin(json, "step " + step.step(), STEPS, step.startNanos() - origin, step.nanos());
        json.writeObjectPropertyStart("args");
        json.writeNumberProperty("exposed_communication_ms", profile.exposedNanos(step) / 1e6);
        json.writeEndObject();
        json.writeEndObject();
      }
      for (KernelEvent event : profile.events()) {
        kernel(json, profile, event, origin);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  private static void names(JsonGenerator json, Profile profile) {
    int workers = profile.events().stream().mapToInt(KernelEvent::worker).max().orElse(-1) + 1;
    name(json, STEPS, "steps");
    for (int worker = 0; worker < workers; worker++) {
      name(json, worker + 1, "worker " + worker);
    }
    if (profile.events().stream().anyMatch(event -> event.worker() == Profiler.COMMUNICATION)) {
      name(json, COLLECTIVES, "collectives");
    }
  }

  private static void name(JsonGenerator json, int track, String name) {
    json.writeStartObject();
    json.writeStringProperty("ph", "M");
    json.writeStringProperty("name", "thread_name");
    json.writeNumberProperty("pid", PROCESS);
    json.writeNumberProperty("tid", track);
    json.writeObjectPropertyStart("args");
    json.writeStringProperty("name", name);
    json.writeEndObject();
    json.writeEndObject();
  }

  /// Opens the object of a span; times are microseconds in this format.
  private static void begin(JsonGenerator json, String name, int track, long start, long nanos) {
    json.writeStartObject();
    json.writeStringProperty("ph", "X");
    json.writeStringProperty("name", name);
    json.writeNumberProperty("pid", PROCESS);
    json.writeNumberProperty("tid", track);
    json.writeNumberProperty("ts", start / 1e3);
    json.writeNumberProperty("dur", nanos / 1e3);
  }

  private static void kernel(JsonGenerator json, Profile profile, KernelEvent event, long origin) {
    KernelWork work = event.work();
    int track = event.worker() == Profiler.COMMUNICATION ? COLLECTIVES : event.worker() + 1;
    begin(json, work.name(), track, event.startNanos() - origin, event.nanos());
    // Other workers have a share of the work only, which is not known.
    if (event.worker() <= 0 && work.flops() + work.bytes() > 0) {
      double nanos = Math.max(1, event.nanos());
      json.writeObjectPropertyStart("args");
      json.writeNumberProperty("flops", work.flops());
      json.writeNumberProperty("bytes", work.bytes());
      json.writeNumberProperty("gflops_per_second", work.flops() / nanos);
      json.writeNumberProperty("gigabytes_per_second", work.bytes() / nanos);
      json.writeNumberProperty(
          "roofline_fraction",
          profile.fraction(work.flops(), work.bytes(), work.dtype(), event.nanos()));
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
