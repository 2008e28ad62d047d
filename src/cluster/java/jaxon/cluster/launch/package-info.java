/// Starts the processes of a run on this host and sees them through to one exit code.
///
/// In come the commands of [Launcher], one for each process. Each gets a thread that waits for its
/// end and two that copy its lines (`LinePump`), with the number of the process before each. What
/// several say alike on the error stream is shown once (`RepeatedLines`). When one fails, the
/// others are told ([FailedProcess]) and get time to tell their own error, then SIGTERM, then
/// SIGKILL ([Patience]). Out comes the exit code of the first that failed.
///
/// No process outlives the launcher, however that ends: the standard input of each is a pipe from
/// it, and [LauncherWatch], in the process, ends it when the pipe closes.
///
/// Knows nothing of what the processes do, nor of how they find each other.
@NullMarked
package jaxon.cluster.launch;

import org.jspecify.annotations.NullMarked;
