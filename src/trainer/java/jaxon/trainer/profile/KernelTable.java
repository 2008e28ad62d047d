package jaxon.trainer.profile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jaxon.trainer.profile.Profile.Kernels;
import jaxon.trainer.profile.Profile.Transfers;
import tools.jackson.databind.json.JsonMapper;

/// Writes a [Profile] for people, as a table, and for programs, as JSON lines: one row a kernel,
/// then one a collective.
public final class KernelTable {
  private static final String TRANSFER = "%-60s %8s %10s %10s %10s%n";

  private KernelTable() {}

  /// The `rows` kernels that took longest, and the rest in one row; times are those of one step.
  public static String text(Profile profile, int rows) {
    List<Kernels> kernels = profile.kernels();
    StringBuilder text = new StringBuilder();
    text.append(row("kernel", "calls", "ms a step", "share", "GFLOP/s", "GB/s", "roof"));
    double total = Math.max(1, kernels.stream().mapToLong(Kernels::nanos).sum());
    kernels.stream().limit(rows).forEach(one -> text.append(row(profile, one, total)));
    long rest = kernels.stream().skip(rows).mapToLong(Kernels::nanos).sum();
    if (kernels.size() > rows) {
      text.append(
          row(
              (kernels.size() - rows) + " more",
              "",
              String.format(Locale.ROOT, "%.2f", rest / 1e6 / steps(profile)),
              String.format(Locale.ROOT, "%.1f %%", 100 * rest / total),
              "",
              "",
              ""));
    }
    double wall = profile.steps().stream().mapToLong(Profile.StepSpan::nanos).sum();
    text.append(
        String.format(
            Locale.ROOT,
            "%d steps of %.2f ms, %.1f %% of it in kernels%n",
            profile.steps().size(),
            wall / 1e6 / steps(profile),
            100 * total / Math.max(1, wall)));
    text.append(transfers(profile));
    if (profile.dropped() > 0) {
      text.append(
          String.format(
              Locale.ROOT,
              "%,d earlier kernels were dropped: profile fewer steps%n",
              profile.dropped()));
    }
    return text.toString();
  }

  /// The collectives, if there are any; times and bytes are those of one step.
  private static String transfers(Profile profile) {
    List<Transfers> transfers = profile.transfers();
    if (transfers.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(Locale.ROOT, TRANSFER, "collective", "calls", "MiB", "ms", "exposed"));
    for (Transfers one : transfers) {
      text.append(transfer(profile, one));
    }
    long exposed = transfers.stream().mapToLong(Transfers::exposed).sum();
    double wall = profile.steps().stream().mapToLong(Profile.StepSpan::nanos).sum();
    text.append(
        String.format(
            Locale.ROOT,
            "exposed communication: %.2f ms a step, %.1f %% of it%n",
            exposed / 1e6 / steps(profile),
            100 * exposed / Math.max(1, wall)));
    return text.toString();
  }

  private static String transfer(Profile profile, Transfers one) {
    double steps = steps(profile);
    return String.format(
        Locale.ROOT,
        TRANSFER,
        one.name(),
        String.format(Locale.ROOT, "%,d", one.calls()),
        String.format(Locale.ROOT, "%.2f", one.bytes() / (double) (1 << 20) / steps),
        String.format(Locale.ROOT, "%.2f", one.nanos() / 1e6 / steps),
        String.format(Locale.ROOT, "%.2f", one.exposed() / 1e6 / steps));
  }

  private static String row(Profile profile, Kernels one, double total) {
    return row(
        one.name(),
        String.format(Locale.ROOT, "%,d", one.calls()),
        String.format(Locale.ROOT, "%.2f", one.nanos() / 1e6 / steps(profile)),
        String.format(Locale.ROOT, "%.1f %%", 100 * one.nanos() / total),
        one.flops() == 0
            ? ""
            : String.format(Locale.ROOT, "%.1f", (double) one.flops() / Math.max(1, one.nanos())),
        one.bytes() == 0
            ? ""
            : String.format(Locale.ROOT, "%.1f", (double) one.bytes() / Math.max(1, one.nanos())),
        one.flops() + one.bytes() == 0
            ? ""
            : String.format(Locale.ROOT, "%.0f %%", 100 * fraction(profile, one)));
  }

  /// One JSON object a line for every kernel and every collective.
  public static String json(String config, Profile profile) {
    StringBuilder text = new StringBuilder();
    for (Kernels one : profile.kernels()) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("config", config);
      line.put("kernel", one.name());
      line.put("calls", one.calls());
      line.put("steps", profile.steps().size());
      line.put("seconds", one.nanos() / 1e9);
      line.put("flops", one.flops());
      line.put("bytes", one.bytes());
      line.put("roofline_fraction", fraction(profile, one));
      text.append(JsonMapper.shared().writeValueAsString(line)).append('\n');
    }
    for (Transfers one : profile.transfers()) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("config", config);
      line.put("collective", one.name());
      line.put("calls", one.calls());
      line.put("steps", profile.steps().size());
      line.put("seconds", one.nanos() / 1e9);
      line.put("bytes", one.bytes());
      line.put("exposed_seconds", one.exposed() / 1e9);
      text.append(JsonMapper.shared().writeValueAsString(line)).append('\n');
    }
    return text.toString();
  }

  private static double fraction(Profile profile, Kernels one) {
    return profile.fraction(one.flops(), one.bytes(), one.dtype(), one.nanos());
  }

  private static int steps(Profile profile) {
    return Math.max(1, profile.steps().size());
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, "%-60s %8s %10s %7s %9s %8s %6s%n", cells);
  }
}
