/** Set by `bin/kubectl-ostler`: then what kubectl would use is used, and nothing else. */
export const pluginVariable = "OSTLER_KUBECTL_PLUGIN";
