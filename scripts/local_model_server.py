"""Serves one GGUF model over HTTP on 127.0.0.1, with the llama.cpp server inside the package xllamacpp.

Started by `evolve` (Sources/LanguageModels/ServerProcess.swift), which passes every argument, stops it with SIGTERM,
and gives the key that callers must send in LLAMA_API_KEY. It ends when its parent ends, however the parent ends.
"""

import argparse
import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def die_with(parent):
    """Has the kernel kill this process when the thread that started it ends."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        sys.exit("prctl(PR_SET_PDEATHSIG): " + os.strerror(ctypes.get_errno()))
    if os.getppid() != parent:  # it died before the call above
        sys.exit("the program that started this server is gone")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", required=True, help="folder that holds the package xllamacpp")
    parser.add_argument("--model", required=True, help="GGUF file")
    parser.add_argument("--parent", type=int, required=True, help="process id of the program that starts this one")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--parallel", type=int, required=True, help="requests answered at the same time")
    parser.add_argument("--ctx-size", type=int, required=True, help="tokens, over all parallel requests")
    return parser.parse_args()


def main():
    chosen = arguments()
    die_with(chosen.parent)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.path.insert(0, chosen.packages)
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = chosen.model
    params.hostnames = ["127.0.0.1"]
    params.port = chosen.port
    params.api_keys = [os.environ["LLAMA_API_KEY"]]
    params.n_parallel = chosen.parallel
    params.n_ctx = chosen.ctx_size
    params.cpuparams.n_threads = chosen.threads
    params.cpuparams_batch.n_threads = chosen.threads
    params.cache_prompt = True
    params.cache_ram_mib = 0  # the default keeps up to 8 GiB of old prompts
    params.n_gpu_layers = 0
    params.ui = False
    params.endpoint_slots = False
    server = xllamacpp.Server(params)
    print("listening on", server.listening_address, flush=True)
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
