/* IMPORTANT
 * This snapshot file is auto-generated, but designed for humans.
 * It should be checked into source control and tracked carefully.
 * Re-generate by setting TAP_SNAPSHOT=1 and running tests.
 * Make sure to inspect the output below.  Do not ignore changes!
 */
'use strict'
exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > AccessToken 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata",
  "spec"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "ostler.dev/v1"
  },
  "kind": {
   "type": "string",
   "const": "AccessToken"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "web-1"
     ],
     "description": "Unique within kind and namespace; a DNS label."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "spec": {
   "type": "object",
   "required": [
    "userName",
    "groups",
    "sha256"
   ],
   "properties": {
    "userName": {
     "type": "string",
     "maxLength": 253,
     "pattern": "^[^\\\\x00-\\\\x1f\\\\x7f]+$",
     "examples": [
      "ann"
     ]
    },
    "groups": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 253,
      "pattern": "^[^\\\\x00-\\\\x1f\\\\x7f]+$",
      "examples": [
       "ann"
      ]
     },
     "maxItems": 64,
     "default": [],
     "x-kubernetes-list-type": "atomic"
    },
    "sha256": {
     "type": "string",
     "pattern": "^[0-9a-f]{64}$",
     "examples": [
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
     ],
     "description": "The hash of the token, in hexadecimal. The token itself is nowhere."
    },
    "expiresAt": {
     "type": "string",
     "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
     "examples": [
      "2027-01-31T00:00:00Z"
     ],
     "description": "From then on it is not taken any more. Absent: it does not expire."
    }
   },
   "additionalProperties": false,
   "description": "Never changes: revoke the token by deleting it, and make another."
  },
  "status": {
   "type": "object",
   "properties": {
    "lastUsedTime": {
     "type": "string",
     "maxLength": 40,
     "description": "Written at most once an hour."
    }
   },
   "additionalProperties": false
  }
 },
 "additionalProperties": false,
 "description": "Lets whoever shows a token act as a user; known by its hash alone."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > ClusterRole 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "rbac.authorization.k8s.io/v1"
  },
  "kind": {
   "type": "string",
   "const": "ClusterRole"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^(?!\\\\.{1,2}$)[^/%\\\\x00-\\\\x20\\\\x7f]{1,253}$",
     "examples": [
      "system:discovery"
     ],
     "description": "Unique within kind and namespace; a segment of a path."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "rules": {
   "type": "array",
   "items": {
    "type": "object",
    "required": [
     "verbs"
    ],
    "properties": {
     "verbs": {
      "type": "array",
      "items": {
       "type": "string",
       "minLength": 1,
       "maxLength": 63
      },
      "maxItems": 64,
      "x-kubernetes-list-type": "atomic",
      "description": "get, list, watch, create, update, patch, delete, deletecollection, ... or * for all."
     },
     "apiGroups": {
      "type": "array",
      "items": {
       "type": "string",
       "maxLength": 253
      },
      "maxItems": 256,
      "description": "The groups of the resources: an empty one is core, * is all.",
      "x-kubernetes-list-type": "atomic"
     },
     "resources": {
      "type": "array",
      "items": {
       "type": "string",
       "maxLength": 253
      },
      "maxItems": 256,
      "description": "Plurals, such as virtualmachines or virtualmachines/start; * is all, */status each.",
      "x-kubernetes-list-type": "atomic"
     },
     "resourceNames": {
      "type": "array",
      "items": {
       "type": "string",
       "maxLength": 253
      },
      "maxItems": 1024,
      "description": "Only objects of these names; absent: all.",
      "x-kubernetes-list-type": "atomic"
     },
     "nonResourceURLs": {
      "type": "array",
      "items": {
       "type": "string",
       "maxLength": 253
      },
      "maxItems": 256,
      "description": "Paths that are no resources, such as /metrics; a * at the end is any rest.",
      "x-kubernetes-list-type": "atomic"
     }
    },
    "additionalProperties": false,
    "description": "What may be done with what: verbs on resources, or on paths."
   },
   "maxItems": 512,
   "x-kubernetes-list-type": "atomic"
  },
  "aggregationRule": {
   "type": "object",
   "properties": {
    "clusterRoleSelectors": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "matchLabels": {
        "type": "object",
        "patternProperties": {
         "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
          "type": "string",
          "maxLength": 63,
          "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
          "examples": [
           "web-1"
          ]
         }
        },
        "maxProperties": 32,
        "additionalProperties": false,
        "description": "Every one of these labels, with exactly this value."
       },
       "matchExpressions": {
        "type": "array",
        "items": {
         "type": "object",
         "required": [
          "key",
          "operator"
         ],
         "properties": {
          "key": {
           "type": "string",
           "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
          },
          "operator": {
           "enum": [
            "In",
            "NotIn",
            "Exists",
            "DoesNotExist"
           ]
          },
          "values": {
           "type": "array",
           "items": {
            "type": "string",
            "maxLength": 63,
            "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
            "examples": [
             "web-1"
            ]
           },
           "maxItems": 64,
           "x-kubernetes-list-type": "atomic"
          }
         },
         "additionalProperties": false
        },
        "maxItems": 32,
        "x-kubernetes-list-type": "atomic"
       }
      },
      "additionalProperties": false,
      "x-kubernetes-map-type": "atomic",
      "description": "Chooses by labels; all of it must hold, and an empty one chooses all."
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false,
   "description": "Its rules are those of the ClusterRoles chosen here; Ostler writes them."
  }
 },
 "additionalProperties": false,
 "description": "What may be done: everywhere through a ClusterRoleBinding, in one namespace through a RoleBinding."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > ClusterRoleBinding 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata",
  "roleRef"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "rbac.authorization.k8s.io/v1"
  },
  "kind": {
   "type": "string",
   "const": "ClusterRoleBinding"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^(?!\\\\.{1,2}$)[^/%\\\\x00-\\\\x20\\\\x7f]{1,253}$",
     "examples": [
      "system:discovery"
     ],
     "description": "Unique within kind and namespace; a segment of a path."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "roleRef": {
   "type": "object",
   "required": [
    "apiGroup",
    "kind",
    "name"
   ],
   "properties": {
    "apiGroup": {
     "type": "string",
     "const": "rbac.authorization.k8s.io",
     "default": "rbac.authorization.k8s.io"
    },
    "kind": {
     "enum": [
      "Role",
      "ClusterRole"
     ]
    },
    "name": {
     "type": "string",
     "minLength": 1,
     "maxLength": 253
    }
   },
   "additionalProperties": false,
   "description": "The role that is given. Never changes."
  },
  "subjects": {
   "type": "array",
   "items": {
    "type": "object",
    "required": [
     "kind",
     "name"
    ],
    "properties": {
     "kind": {
      "enum": [
       "User",
       "Group",
       "ServiceAccount"
      ]
     },
     "apiGroup": {
      "type": "string",
      "maxLength": 253
     },
     "name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 253
     },
     "namespace": {
      "type": "string",
      "maxLength": 63,
      "description": "Of a ServiceAccount."
     }
    },
    "additionalProperties": false,
    "description": "To whom it is given."
   },
   "maxItems": 1024,
   "x-kubernetes-list-type": "atomic"
  }
 },
 "additionalProperties": false,
 "description": "Gives a ClusterRole in all namespaces and outside of them."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > ConfigMap 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "v1"
  },
  "kind": {
   "type": "string",
   "const": "ConfigMap"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "web-1"
     ],
     "description": "Unique within kind and namespace; a DNS label."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "data": {
   "type": "object",
   "patternProperties": {
    "^[-._a-zA-Z0-9]{1,253}$": {
     "type": "string",
     "maxLength": 1048576
    }
   },
   "additionalProperties": false,
   "maxProperties": 4096,
   "description": "Texts by name."
  },
  "binaryData": {
   "type": "object",
   "patternProperties": {
    "^[-._a-zA-Z0-9]{1,253}$": {
     "type": "string",
     "maxLength": 1398104
    }
   },
   "additionalProperties": false,
   "maxProperties": 4096,
   "description": "Bytes by name, in base64; no name that is in \`data\` too."
  },
  "immutable": {
   "type": "boolean",
   "description": "Once true, neither the data nor this can be changed."
  }
 },
 "additionalProperties": false,
 "description": "Settings, not secret, for whoever reads them by name."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > Event 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata",
  "involvedObject"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "v1"
  },
  "kind": {
   "type": "string",
   "const": "Event"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "web-1"
     ],
     "description": "Unique within kind and namespace; a DNS label."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "involvedObject": {
   "type": "object",
   "properties": {
    "apiVersion": {
     "type": "string",
     "maxLength": 317
    },
    "kind": {
     "type": "string",
     "maxLength": 317
    },
    "namespace": {
     "type": "string",
     "maxLength": 317
    },
    "name": {
     "type": "string",
     "maxLength": 317
    },
    "uid": {
     "type": "string",
     "maxLength": 317
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 317
    },
    "fieldPath": {
     "type": "string",
     "maxLength": 1024
    }
   },
   "additionalProperties": false,
   "description": "An object, as far as it is known."
  },
  "related": {
   "type": "object",
   "properties": {
    "apiVersion": {
     "type": "string",
     "maxLength": 317
    },
    "kind": {
     "type": "string",
     "maxLength": 317
    },
    "namespace": {
     "type": "string",
     "maxLength": 317
    },
    "name": {
     "type": "string",
     "maxLength": 317
    },
    "uid": {
     "type": "string",
     "maxLength": 317
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 317
    },
    "fieldPath": {
     "type": "string",
     "maxLength": 1024
    }
   },
   "additionalProperties": false,
   "description": "An object, as far as it is known."
  },
  "type": {
   "enum": [
    "Normal",
    "Warning"
   ]
  },
  "reason": {
   "type": "string",
   "maxLength": 317
  },
  "message": {
   "type": "string",
   "maxLength": 8192
  },
  "source": {
   "type": "object",
   "properties": {
    "component": {
     "type": "string",
     "maxLength": 317
    },
    "host": {
     "type": "string",
     "maxLength": 317
    }
   },
   "additionalProperties": false
  },
  "firstTimestamp": {
   "anyOf": [
    {
     "type": "string",
     "maxLength": 40
    },
    {
     "type": "null"
    }
   ]
  },
  "lastTimestamp": {
   "anyOf": [
    {
     "type": "string",
     "maxLength": 40
    },
    {
     "type": "null"
    }
   ]
  },
  "count": {
   "type": "integer",
   "minimum": 0
  },
  "eventTime": {
   "anyOf": [
    {
     "type": "string",
     "maxLength": 40,
     "pattern": "^\\\\d{4}-\\\\d\\\\d-\\\\d\\\\dT\\\\d\\\\d:\\\\d\\\\d:\\\\d\\\\d(\\\\.\\\\d{1,9})?(Z|[+-]\\\\d\\\\d:\\\\d\\\\d)$",
     "examples": [
      "2026-01-31T12:00:00.000000Z"
     ]
    },
    {
     "type": "null"
    }
   ]
  },
  "series": {
   "type": "object",
   "properties": {
    "count": {
     "type": "integer",
     "minimum": 0
    },
    "lastObservedTime": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40,
       "pattern": "^\\\\d{4}-\\\\d\\\\d-\\\\d\\\\dT\\\\d\\\\d:\\\\d\\\\d:\\\\d\\\\d(\\\\.\\\\d{1,9})?(Z|[+-]\\\\d\\\\d:\\\\d\\\\d)$",
       "examples": [
        "2026-01-31T12:00:00.000000Z"
       ]
      },
      {
       "type": "null"
      }
     ]
    }
   },
   "additionalProperties": false,
   "description": "How often it was seen, if more than once."
  },
  "action": {
   "type": "string",
   "maxLength": 317
  },
  "reportingComponent": {
   "type": "string",
   "maxLength": 317
  },
  "reportingInstance": {
   "type": "string",
   "maxLength": 317
  }
 },
 "additionalProperties": false,
 "description": "Something worth telling a person about an object."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > Host 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata",
  "spec"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "ostler.dev/v1"
  },
  "kind": {
   "type": "string",
   "const": "Host"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "web-1"
     ],
     "description": "Unique within kind and namespace; a DNS label."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "spec": {
   "type": "object",
   "required": [
    "uri",
    "accelerator",
    "unschedulable",
    "overcommit",
    "reserved"
   ],
   "properties": {
    "uri": {
     "type": "string",
     "maxLength": 1024,
     "examples": [
      "qemu:///system"
     ],
     "pattern": "^[a-z]+(\\\\+[a-z]+)?://[^\\\\s]*$",
     "description": "A libvirt connection URI, such as qemu:///system or qemu+ssh://root@h1/system."
    },
    "accelerator": {
     "enum": [
      "auto",
      "kvm",
      "qemu"
     ],
     "default": "auto",
     "description": "auto uses kvm only after a probe guest has run with it; qemu is software emulation."
    },
    "unschedulable": {
     "type": "boolean",
     "default": false,
     "description": "Cordoned: no new machines are placed here."
    },
    "overcommit": {
     "type": "object",
     "required": [
      "cpu",
      "memory",
      "disk"
     ],
     "properties": {
      "cpu": {
       "type": "number",
       "minimum": 0.1,
       "maximum": 64,
       "default": 4
      },
      "memory": {
       "type": "number",
       "minimum": 0.1,
       "maximum": 16,
       "default": 1
      },
      "disk": {
       "type": "number",
       "minimum": 0.1,
       "maximum": 64,
       "default": 1
      }
     },
     "additionalProperties": false,
     "default": {},
     "description": "Allocatable is capacity less \`reserved\`, times this ratio; defaults are those of Nova."
    },
    "reserved": {
     "type": "object",
     "required": [
      "cpus",
      "memory",
      "disk"
     ],
     "properties": {
      "cpus": {
       "type": "number",
       "minimum": 0,
       "maximum": 4096,
       "default": 0
      },
      "memory": {
       "type": "string",
       "pattern": "^([0-9]{1,15})(\\\\.[0-9]{1,6})?(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$",
       "maxLength": 24,
       "examples": [
        "512Mi",
        "10Gi"
       ],
       "description": "Bytes, with a binary (Ki, Mi, Gi, Ti) or decimal (k, M, G, T) suffix.",
       "default": "512Mi"
      },
      "disk": {
       "type": "string",
       "pattern": "^([0-9]{1,15})(\\\\.[0-9]{1,6})?(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$",
       "maxLength": 24,
       "examples": [
        "512Mi",
        "10Gi"
       ],
       "description": "Bytes, with a binary (Ki, Mi, Gi, Ti) or decimal (k, M, G, T) suffix.",
       "default": "0"
      }
     },
     "additionalProperties": false,
     "default": {},
     "description": "Kept for the host itself and never given to machines; defaults are those of Nova."
    },
    "taints": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "key",
       "effect"
      ],
      "properties": {
       "key": {
        "type": "string",
        "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
       },
       "value": {
        "type": "string",
        "maxLength": 63,
        "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
        "examples": [
         "web-1"
        ]
       },
       "effect": {
        "enum": [
         "NoSchedule",
         "PreferNoSchedule",
         "NoExecute"
        ],
        "description": "NoSchedule: only machines that tolerate it are placed here. PreferNoSchedule: rather not. NoExecute: as NoSchedule, and machines that do not tolerate it are to leave."
       }
      },
      "additionalProperties": false,
      "description": "Keeps away machines that do not tolerate it."
     },
     "maxItems": 64,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "key",
      "effect"
     ]
    }
   },
   "additionalProperties": false
  },
  "status": {
   "type": "object",
   "properties": {
    "observedGeneration": {
     "type": "integer",
     "minimum": -1
    },
    "conditions": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "type",
       "status",
       "reason",
       "message",
       "lastTransitionTime"
      ],
      "properties": {
       "type": {
        "type": "string",
        "maxLength": 316
       },
       "status": {
        "enum": [
         "True",
         "False",
         "Unknown"
        ]
       },
       "reason": {
        "type": "string",
        "maxLength": 1024
       },
       "message": {
        "type": "string",
        "maxLength": 32768
       },
       "lastTransitionTime": {
        "type": "string",
        "maxLength": 40
       },
       "observedGeneration": {
        "type": "integer",
        "minimum": 0
       }
      },
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "type"
     ]
    },
    "hostUuid": {
     "type": "string",
     "maxLength": 36
    },
    "duplicateOf": {
     "type": "string",
     "maxLength": 253
    },
    "hostname": {
     "type": "string",
     "maxLength": 253
    },
    "architecture": {
     "type": "string",
     "maxLength": 32
    },
    "accelerator": {
     "enum": [
      "kvm",
      "qemu",
      "test"
     ]
    },
    "observedAccelerator": {
     "type": "string",
     "maxLength": 8
    },
    "hypervisor": {
     "type": "object",
     "required": [
      "type",
      "version",
      "libvirt"
     ],
     "properties": {
      "type": {
       "type": "string",
       "maxLength": 32
      },
      "version": {
       "type": "string",
       "maxLength": 32
      },
      "libvirt": {
       "type": "string",
       "maxLength": 32
      }
     },
     "additionalProperties": false
    },
    "capacity": {
     "type": "object",
     "required": [
      "cpus",
      "memoryBytes",
      "diskBytes"
     ],
     "properties": {
      "cpus": {
       "type": "number",
       "minimum": 0
      },
      "memoryBytes": {
       "type": "integer",
       "minimum": 0
      },
      "diskBytes": {
       "type": "integer",
       "minimum": 0
      }
     },
     "additionalProperties": false
    },
    "allocatable": {
     "type": "object",
     "required": [
      "cpus",
      "memoryBytes",
      "diskBytes"
     ],
     "properties": {
      "cpus": {
       "type": "number",
       "minimum": 0
      },
      "memoryBytes": {
       "type": "integer",
       "minimum": 0
      },
      "diskBytes": {
       "type": "integer",
       "minimum": 0
      }
     },
     "additionalProperties": false
    },
    "lastSeenTime": {
     "type": "string",
     "maxLength": 40
    },
    "fence": {
     "type": "object",
     "required": [
      "proof",
      "statedBy",
      "statedAt",
      "expiresAt",
      "reason",
      "machines",
      "evenInMassOutage"
     ],
     "properties": {
      "proof": {
       "enum": [
        "HumanStatement",
        "FenceDevice"
       ]
      },
      "statedBy": {
       "type": "string",
       "maxLength": 253
      },
      "statedAt": {
       "type": "string",
       "maxLength": 40
      },
      "expiresAt": {
       "type": "string",
       "maxLength": 40
      },
      "reason": {
       "type": "string",
       "maxLength": 1024
      },
      "hostUuid": {
       "type": "string",
       "maxLength": 36
      },
      "machines": {
       "enum": [
        "All",
        "WithoutDisks"
       ],
       "description": "Which machines may start elsewhere: those with disks get new ones, made from their images."
      },
      "evenInMassOutage": {
       "type": "boolean"
      }
     },
     "additionalProperties": false
    },
    "topology": {
     "type": "object",
     "required": [
      "model",
      "sockets",
      "coresPerSocket",
      "threadsPerCore"
     ],
     "properties": {
      "model": {
       "type": "string",
       "maxLength": 64
      },
      "sockets": {
       "type": "integer",
       "minimum": 0
      },
      "coresPerSocket": {
       "type": "integer",
       "minimum": 0
      },
      "threadsPerCore": {
       "type": "integer",
       "minimum": 0
      }
     },
     "additionalProperties": false
    },
    "numa": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "id",
       "cpus",
       "memoryBytes"
      ],
      "properties": {
       "id": {
        "type": "integer",
        "minimum": 0
       },
       "cpus": {
        "type": "integer",
        "minimum": 0
       },
       "memoryBytes": {
        "type": "integer",
        "minimum": 0
       }
      },
      "additionalProperties": false
     },
     "maxItems": 64,
     "x-kubernetes-list-type": "atomic"
    },
    "pools": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "name",
       "capacityBytes",
       "allocatedBytes",
       "availableBytes"
      ],
      "properties": {
       "name": {
        "type": "string",
        "maxLength": 255
       },
       "capacityBytes": {
        "type": "integer",
        "minimum": 0
       },
       "allocatedBytes": {
        "type": "integer",
        "minimum": 0
       },
       "availableBytes": {
        "type": "integer",
        "minimum": 0
       }
      },
      "additionalProperties": false
     },
     "maxItems": 33,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "name"
     ]
    },
    "foreignDomains": {
     "type": "object",
     "required": [
      "total",
      "active",
      "cpus",
      "memoryBytes"
     ],
     "properties": {
      "total": {
       "type": "integer",
       "minimum": 0
      },
      "active": {
       "type": "integer",
       "minimum": 0
      },
      "cpus": {
       "type": "number",
       "minimum": 0
      },
      "memoryBytes": {
       "type": "integer",
       "minimum": 0
      }
     },
     "additionalProperties": false
    }
   },
   "additionalProperties": false
  }
 },
 "additionalProperties": false,
 "description": "A machine with libvirt on which virtual machines can run."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > Image 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata",
  "spec"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "ostler.dev/v1"
  },
  "kind": {
   "type": "string",
   "const": "Image"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "web-1"
     ],
     "description": "Unique within kind and namespace; a DNS label."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "spec": {
   "type": "object",
   "required": [
    "source"
   ],
   "properties": {
    "source": {
     "type": "object",
     "properties": {
      "file": {
       "type": "string",
       "maxLength": 4096,
       "pattern": "^/[^\\\\x00]+$",
       "examples": [
        "/var/lib/ostler/images/debian.qcow2"
       ],
       "description": "A file on the controller's machine, below one of its image directories."
      },
      "url": {
       "type": "string",
       "maxLength": 2048,
       "pattern": "^https://[^\\\\s]+$",
       "examples": [
        "https://example.org/debian.qcow2"
       ]
      }
     },
     "additionalProperties": false,
     "description": "Exactly one of \`file\` or \`url\`."
    },
    "checksum": {
     "type": "string",
     "pattern": "^sha256:[0-9a-f]{64}$",
     "description": "Required for a url; checked for a file."
    },
    "architecture": {
     "enum": [
      "x86_64",
      "aarch64",
      "i686",
      "armv7l",
      "ppc64le",
      "riscv64",
      "s390x"
     ],
     "description": "What it runs on, as libvirt calls it; without one it is placed anywhere."
    }
   },
   "additionalProperties": false
  },
  "status": {
   "type": "object",
   "properties": {
    "observedGeneration": {
     "type": "integer",
     "minimum": -1
    },
    "conditions": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "type",
       "status",
       "reason",
       "message",
       "lastTransitionTime"
      ],
      "properties": {
       "type": {
        "type": "string",
        "maxLength": 316
       },
       "status": {
        "enum": [
         "True",
         "False",
         "Unknown"
        ]
       },
       "reason": {
        "type": "string",
        "maxLength": 1024
       },
       "message": {
        "type": "string",
        "maxLength": 32768
       },
       "lastTransitionTime": {
        "type": "string",
        "maxLength": 40
       },
       "observedGeneration": {
        "type": "integer",
        "minimum": 0
       }
      },
      "additionalProperties": false
     },
     "maxItems": 16,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "type"
     ]
    },
    "format": {
     "enum": [
      "raw",
      "qcow2"
     ]
    },
    "contents": {
     "enum": [
      "disk",
      "kernel",
      "compressed",
      "cpio"
     ]
    },
    "digest": {
     "type": "string",
     "pattern": "^sha256:[0-9a-f]{64}$"
    },
    "sizeBytes": {
     "type": "integer",
     "minimum": 0
    },
    "virtualSizeBytes": {
     "type": "integer",
     "minimum": 0
    }
   },
   "additionalProperties": false
  }
 },
 "additionalProperties": false,
 "description": "A disk image, kernel or initrd that machines are made from."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > InstanceType 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata",
  "spec"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "ostler.dev/v1"
  },
  "kind": {
   "type": "string",
   "const": "InstanceType"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "web-1"
     ],
     "description": "Unique within kind and namespace; a DNS label."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "spec": {
   "type": "object",
   "required": [
    "cpus",
    "memory"
   ],
   "properties": {
    "cpus": {
     "type": "integer",
     "minimum": 1,
     "maximum": 512
    },
    "memory": {
     "type": "string",
     "pattern": "^([0-9]{1,15})(\\\\.[0-9]{1,6})?(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$",
     "maxLength": 24,
     "examples": [
      "512Mi",
      "10Gi"
     ],
     "description": "Bytes, with a binary (Ki, Mi, Gi, Ti) or decimal (k, M, G, T) suffix."
    },
    "disk": {
     "type": "string",
     "pattern": "^([0-9]{1,15})(\\\\.[0-9]{1,6})?(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$",
     "maxLength": 24,
     "examples": [
      "512Mi",
      "10Gi"
     ],
     "description": "What a machine's first disk has at least, if it is made from an image."
    }
   },
   "additionalProperties": false
  }
 },
 "additionalProperties": false,
 "description": "A named size that machines can refer to."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > Lease 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "coordination.k8s.io/v1"
  },
  "kind": {
   "type": "string",
   "const": "Lease"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "web-1"
     ],
     "description": "Unique within kind and namespace; a DNS label."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "spec": {
   "type": "object",
   "properties": {
    "holderIdentity": {
     "type": "string",
     "maxLength": 253
    },
    "leaseDurationSeconds": {
     "type": "integer",
     "minimum": 1
    },
    "acquireTime": {
     "type": "string",
     "maxLength": 40,
     "pattern": "^\\\\d{4}-\\\\d\\\\d-\\\\d\\\\dT\\\\d\\\\d:\\\\d\\\\d:\\\\d\\\\d(\\\\.\\\\d{1,9})?(Z|[+-]\\\\d\\\\d:\\\\d\\\\d)$",
     "examples": [
      "2026-01-31T12:00:00.000000Z"
     ]
    },
    "renewTime": {
     "type": "string",
     "maxLength": 40,
     "pattern": "^\\\\d{4}-\\\\d\\\\d-\\\\d\\\\dT\\\\d\\\\d:\\\\d\\\\d:\\\\d\\\\d(\\\\.\\\\d{1,9})?(Z|[+-]\\\\d\\\\d:\\\\d\\\\d)$",
     "examples": [
      "2026-01-31T12:00:00.000000Z"
     ]
    },
    "leaseTransitions": {
     "type": "integer",
     "minimum": 0
    },
    "strategy": {
     "type": "string",
     "maxLength": 253
    },
    "preferredHolder": {
     "type": "string",
     "maxLength": 253
    }
   },
   "additionalProperties": false
  }
 },
 "additionalProperties": false,
 "description": "Who leads, and until when."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > Namespace 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "v1"
  },
  "kind": {
   "type": "string",
   "const": "Namespace"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "web-1"
     ],
     "description": "Unique within kind and namespace; a DNS label."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "spec": {
   "type": "object",
   "properties": {
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 8,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "status": {
   "type": "object",
   "properties": {
    "phase": {
     "enum": [
      "Active",
      "Terminating"
     ]
    },
    "conditions": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "type",
       "status",
       "reason",
       "message",
       "lastTransitionTime"
      ],
      "properties": {
       "type": {
        "type": "string",
        "maxLength": 316
       },
       "status": {
        "enum": [
         "True",
         "False",
         "Unknown"
        ]
       },
       "reason": {
        "type": "string",
        "maxLength": 1024
       },
       "message": {
        "type": "string",
        "maxLength": 32768
       },
       "lastTransitionTime": {
        "type": "string",
        "maxLength": 40
       }
      },
      "additionalProperties": false
     },
     "maxItems": 16,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "type"
     ]
    }
   },
   "additionalProperties": false
  }
 },
 "additionalProperties": false,
 "description": "A space for names."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > PlacementPolicy 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata",
  "spec"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "ostler.dev/v1"
  },
  "kind": {
   "type": "string",
   "const": "PlacementPolicy"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "web-1"
     ],
     "description": "Unique within kind and namespace; a DNS label."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "spec": {
   "type": "object",
   "required": [
    "type"
   ],
   "properties": {
    "type": {
     "enum": [
      "RoundRobin",
      "BinPacking",
      "Spread",
      "LeastLoadedFifo",
      "Custom"
     ],
     "description": "How a host is chosen among those that can take the machine."
    },
    "weights": {
     "type": "object",
     "properties": {
      "LeastAllocated": {
       "type": "number",
       "minimum": -1000000,
       "maximum": 1000000
      },
      "MostAllocated": {
       "type": "number",
       "minimum": -1000000,
       "maximum": 1000000
      },
      "BalancedAllocation": {
       "type": "number",
       "minimum": -1000000,
       "maximum": 1000000
      },
      "RequestedToCapacityRatio": {
       "type": "number",
       "minimum": -1000000,
       "maximum": 1000000
      },
      "LeastLoaded": {
       "type": "number",
       "minimum": -1000000,
       "maximum": 1000000
      },
      "RoundRobin": {
       "type": "number",
       "minimum": -1000000,
       "maximum": 1000000
      },
      "ImageLocality": {
       "type": "number",
       "minimum": -1000000,
       "maximum": 1000000
      },
      "HostAffinity": {
       "type": "number",
       "minimum": -1000000,
       "maximum": 1000000
      },
      "MachineAffinity": {
       "type": "number",
       "minimum": -1000000,
       "maximum": 1000000
      },
      "TopologySpread": {
       "type": "number",
       "minimum": -1000000,
       "maximum": 1000000
      },
      "TaintToleration": {
       "type": "number",
       "minimum": -1000000,
       "maximum": 1000000
      },
      "HostFailures": {
       "type": "number",
       "minimum": -1000000,
       "maximum": 1000000
      }
     },
     "additionalProperties": false
    },
    "resources": {
     "type": "object",
     "properties": {
      "cpus": {
       "type": "integer",
       "minimum": 0,
       "maximum": 100
      },
      "memory": {
       "type": "integer",
       "minimum": 0,
       "maximum": 100
      },
      "disk": {
       "type": "integer",
       "minimum": 0,
       "maximum": 100
      }
     },
     "additionalProperties": false
    },
    "shape": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "utilization",
       "score"
      ],
      "properties": {
       "utilization": {
        "type": "integer",
        "minimum": 0,
        "maximum": 100
       },
       "score": {
        "type": "integer",
        "minimum": 0,
        "maximum": 10
       }
      },
      "additionalProperties": false
     },
     "minItems": 1,
     "maxItems": 16,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  }
 },
 "additionalProperties": false,
 "description": "A way of choosing among the hosts that can take a machine."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > PriorityClass 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata",
  "value",
  "globalDefault",
  "preemptionPolicy"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "scheduling.k8s.io/v1"
  },
  "kind": {
   "type": "string",
   "const": "PriorityClass"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "web-1"
     ],
     "description": "Unique within kind and namespace; a DNS label."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "value": {
   "type": "integer",
   "minimum": -2147483648,
   "maximum": 1000000000,
   "description": "The higher, the sooner a machine is placed. Never changes."
  },
  "globalDefault": {
   "type": "boolean",
   "default": false,
   "description": "For machines that name no class. Of several the one with the lowest value."
  },
  "preemptionPolicy": {
   "enum": [
    "PreemptLowerPriority",
    "Never"
   ],
   "default": "PreemptLowerPriority",
   "description": "Whether machines of lower priority may be stopped to make room. Never changes."
  },
  "description": {
   "type": "string",
   "maxLength": 1024
  }
 },
 "additionalProperties": false,
 "description": "How much a machine matters beside others."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > ResourceQuota 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "v1"
  },
  "kind": {
   "type": "string",
   "const": "ResourceQuota"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "web-1"
     ],
     "description": "Unique within kind and namespace; a DNS label."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "spec": {
   "type": "object",
   "properties": {
    "hard": {
     "type": "object",
     "patternProperties": {
      "^[a-z][a-z0-9./-]{0,126}$": {
       "anyOf": [
        {
         "type": "string",
         "maxLength": 24
        },
        {
         "type": "integer",
         "minimum": 0
        }
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false,
     "description": "At most so much: requests.cpu, requests.memory, requests.storage, count/KIND."
    }
   },
   "additionalProperties": false
  },
  "status": {
   "type": "object",
   "properties": {
    "hard": {
     "type": "object",
     "patternProperties": {
      "^[a-z][a-z0-9./-]{0,126}$": {
       "anyOf": [
        {
         "type": "string",
         "maxLength": 24
        },
        {
         "type": "integer",
         "minimum": 0
        }
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "used": {
     "type": "object",
     "patternProperties": {
      "^[a-z][a-z0-9./-]{0,126}$": {
       "anyOf": [
        {
         "type": "string",
         "maxLength": 24
        },
        {
         "type": "integer",
         "minimum": 0
        }
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    }
   },
   "additionalProperties": false
  }
 },
 "additionalProperties": false,
 "description": "How much a namespace may hold; what would be more is refused."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > Role 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "rbac.authorization.k8s.io/v1"
  },
  "kind": {
   "type": "string",
   "const": "Role"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^(?!\\\\.{1,2}$)[^/%\\\\x00-\\\\x20\\\\x7f]{1,253}$",
     "examples": [
      "system:discovery"
     ],
     "description": "Unique within kind and namespace; a segment of a path."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "rules": {
   "type": "array",
   "items": {
    "type": "object",
    "required": [
     "verbs"
    ],
    "properties": {
     "verbs": {
      "type": "array",
      "items": {
       "type": "string",
       "minLength": 1,
       "maxLength": 63
      },
      "maxItems": 64,
      "x-kubernetes-list-type": "atomic",
      "description": "get, list, watch, create, update, patch, delete, deletecollection, ... or * for all."
     },
     "apiGroups": {
      "type": "array",
      "items": {
       "type": "string",
       "maxLength": 253
      },
      "maxItems": 256,
      "description": "The groups of the resources: an empty one is core, * is all.",
      "x-kubernetes-list-type": "atomic"
     },
     "resources": {
      "type": "array",
      "items": {
       "type": "string",
       "maxLength": 253
      },
      "maxItems": 256,
      "description": "Plurals, such as virtualmachines or virtualmachines/start; * is all, */status each.",
      "x-kubernetes-list-type": "atomic"
     },
     "resourceNames": {
      "type": "array",
      "items": {
       "type": "string",
       "maxLength": 253
      },
      "maxItems": 1024,
      "description": "Only objects of these names; absent: all.",
      "x-kubernetes-list-type": "atomic"
     },
     "nonResourceURLs": {
      "type": "array",
      "items": {
       "type": "string",
       "maxLength": 253
      },
      "maxItems": 256,
      "description": "Paths that are no resources, such as /metrics; a * at the end is any rest.",
      "x-kubernetes-list-type": "atomic"
     }
    },
    "additionalProperties": false,
    "description": "What may be done with what: verbs on resources, or on paths."
   },
   "maxItems": 512,
   "x-kubernetes-list-type": "atomic"
  }
 },
 "additionalProperties": false,
 "description": "What may be done in its namespace."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > RoleBinding 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata",
  "roleRef"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "rbac.authorization.k8s.io/v1"
  },
  "kind": {
   "type": "string",
   "const": "RoleBinding"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^(?!\\\\.{1,2}$)[^/%\\\\x00-\\\\x20\\\\x7f]{1,253}$",
     "examples": [
      "system:discovery"
     ],
     "description": "Unique within kind and namespace; a segment of a path."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "roleRef": {
   "type": "object",
   "required": [
    "apiGroup",
    "kind",
    "name"
   ],
   "properties": {
    "apiGroup": {
     "type": "string",
     "const": "rbac.authorization.k8s.io",
     "default": "rbac.authorization.k8s.io"
    },
    "kind": {
     "enum": [
      "Role",
      "ClusterRole"
     ]
    },
    "name": {
     "type": "string",
     "minLength": 1,
     "maxLength": 253
    }
   },
   "additionalProperties": false,
   "description": "The role that is given. Never changes."
  },
  "subjects": {
   "type": "array",
   "items": {
    "type": "object",
    "required": [
     "kind",
     "name"
    ],
    "properties": {
     "kind": {
      "enum": [
       "User",
       "Group",
       "ServiceAccount"
      ]
     },
     "apiGroup": {
      "type": "string",
      "maxLength": 253
     },
     "name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 253
     },
     "namespace": {
      "type": "string",
      "maxLength": 63,
      "description": "Of a ServiceAccount."
     }
    },
    "additionalProperties": false,
    "description": "To whom it is given."
   },
   "maxItems": 1024,
   "x-kubernetes-list-type": "atomic"
  }
 },
 "additionalProperties": false,
 "description": "Gives a role in its namespace."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > Secret 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata",
  "type"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "v1"
  },
  "kind": {
   "type": "string",
   "const": "Secret"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "web-1"
     ],
     "description": "Unique within kind and namespace; a DNS label."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "type": {
   "type": "string",
   "default": "Opaque",
   "maxLength": 253,
   "description": "What it is for, such as Opaque or kubernetes.io/tls. Never changes."
  },
  "data": {
   "type": "object",
   "patternProperties": {
    "^[-._a-zA-Z0-9]{1,253}$": {
     "type": "string",
     "writeOnly": true,
     "maxLength": 1398104
    }
   },
   "additionalProperties": false,
   "maxProperties": 4096,
   "description": "The secrets by name, in base64."
  },
  "stringData": {
   "type": "object",
   "patternProperties": {
    "^[-._a-zA-Z0-9]{1,253}$": {
     "type": "string",
     "writeOnly": true,
     "maxLength": 1048576
    }
   },
   "additionalProperties": false,
   "maxProperties": 4096,
   "description": "Texts to be put into \`data\`, over what is there. Only written, never read."
  },
  "immutable": {
   "type": "boolean",
   "description": "Once true, neither the data nor this can be changed."
  }
 },
 "additionalProperties": false,
 "description": "What only some may read, by name: passwords, keys, certificates."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > Source 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata",
  "spec"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "ostler.dev/v1"
  },
  "kind": {
   "type": "string",
   "const": "Source"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "web-1"
     ],
     "description": "Unique within kind and namespace; a DNS label."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "spec": {
   "type": "object",
   "required": [
    "directory",
    "prune",
    "intervalSeconds"
   ],
   "properties": {
    "directory": {
     "type": "string",
     "maxLength": 4096,
     "pattern": "^/[^\\\\x00]*$",
     "examples": [
      "/etc/ostler/manifests"
     ],
     "description": "A folder on the controller's machine; its YAML and JSON files say what should exist."
    },
    "prune": {
     "type": "boolean",
     "default": true,
     "description": "Delete objects whose manifest is gone; see docs/reference/source.md for the guards."
    },
    "intervalSeconds": {
     "type": "integer",
     "minimum": 1,
     "maximum": 3600,
     "default": 10,
     "description": "How often the whole folder is looked at, changes seen or not."
    }
   },
   "additionalProperties": false
  },
  "status": {
   "type": "object",
   "properties": {
    "observedGeneration": {
     "type": "integer",
     "minimum": -1
    },
    "conditions": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "type",
       "status",
       "reason",
       "message",
       "lastTransitionTime"
      ],
      "properties": {
       "type": {
        "type": "string",
        "maxLength": 316
       },
       "status": {
        "enum": [
         "True",
         "False",
         "Unknown"
        ]
       },
       "reason": {
        "type": "string",
        "maxLength": 1024
       },
       "message": {
        "type": "string",
        "maxLength": 32768
       },
       "lastTransitionTime": {
        "type": "string",
        "maxLength": 40
       },
       "observedGeneration": {
        "type": "integer",
        "minimum": 0
       }
      },
      "additionalProperties": false
     },
     "maxItems": 16,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "type"
     ]
    },
    "files": {
     "type": "integer",
     "minimum": 0
    },
    "objects": {
     "type": "integer",
     "minimum": 0
    },
    "device": {
     "type": "string",
     "maxLength": 32
    },
    "problems": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "file",
       "message"
      ],
      "properties": {
       "file": {
        "type": "string",
        "maxLength": 4096
       },
       "line": {
        "type": "integer",
        "minimum": 1
       },
       "column": {
        "type": "integer",
        "minimum": 1
       },
       "path": {
        "type": "string",
        "maxLength": 1024
       },
       "message": {
        "type": "string",
        "maxLength": 1024
       }
      },
      "additionalProperties": false
     },
     "maxItems": 100,
     "x-kubernetes-list-type": "atomic"
    },
    "pendingPrune": {
     "type": "object",
     "required": [
      "planHash",
      "reason",
      "message",
      "total",
      "deletions"
     ],
     "properties": {
      "planHash": {
       "type": "string",
       "maxLength": 64
      },
      "reason": {
       "type": "string",
       "maxLength": 64
      },
      "message": {
       "type": "string",
       "maxLength": 1024
      },
      "total": {
       "type": "integer",
       "minimum": 1
      },
      "deletions": {
       "type": "array",
       "items": {
        "type": "string",
        "maxLength": 512
       },
       "maxItems": 100,
       "x-kubernetes-list-type": "atomic"
      }
     },
     "additionalProperties": false
    },
    "lastAppliedTime": {
     "type": "string",
     "maxLength": 40
    }
   },
   "additionalProperties": false
  }
 },
 "additionalProperties": false,
 "description": "A folder of manifests that is kept applied."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > VirtualMachine 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata",
  "spec"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "ostler.dev/v1"
  },
  "kind": {
   "type": "string",
   "const": "VirtualMachine"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "web-1"
     ],
     "description": "Unique within kind and namespace; a DNS label."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "spec": {
   "type": "object",
   "required": [
    "runStrategy",
    "disks",
    "networks",
    "terminationGracePeriodSeconds"
   ],
   "properties": {
    "runStrategy": {
     "enum": [
      "Always",
      "RerunOnFailure",
      "Once",
      "Manual",
      "Halted"
     ],
     "default": "Always",
     "description": "When the machine runs: Always, RerunOnFailure, Once, Manual or Halted."
    },
    "instanceType": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "small"
     ],
     "description": "An InstanceType that gives the size."
    },
    "cpus": {
     "type": "integer",
     "minimum": 1,
     "maximum": 512
    },
    "memory": {
     "type": "string",
     "pattern": "^([0-9]{1,15})(\\\\.[0-9]{1,6})?(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$",
     "maxLength": 24,
     "examples": [
      "512Mi",
      "10Gi"
     ],
     "description": "Bytes, with a binary (Ki, Mi, Gi, Ti) or decimal (k, M, G, T) suffix."
    },
    "disks": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "name",
       "bus"
      ],
      "properties": {
       "name": {
        "type": "string",
        "pattern": "^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$",
        "examples": [
         "data-1"
        ],
        "description": "Unique within the machine."
       },
       "image": {
        "type": "string",
        "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
        "examples": [
         "debian-13"
        ],
        "description": "An Image; the disk is a copy-on-write overlay of it."
       },
       "size": {
        "type": "string",
        "pattern": "^([0-9]{1,15})(\\\\.[0-9]{1,6})?(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$",
        "maxLength": 24,
        "examples": [
         "512Mi",
         "10Gi"
        ],
        "description": "Bytes, with a binary (Ki, Mi, Gi, Ti) or decimal (k, M, G, T) suffix."
       },
       "volume": {
        "type": "string",
        "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
        "examples": [
         "data"
        ],
        "description": "A Volume of the same namespace: attached and released while the machine runs."
       },
       "bus": {
        "enum": [
         "virtio",
         "scsi",
         "sata"
        ],
        "default": "virtio"
       }
      },
      "additionalProperties": false,
      "description": "From an \`image\` (optionally grown to \`size\`), blank with a \`size\`, or a \`volume\`."
     },
     "maxItems": 24,
     "default": [],
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "name"
     ]
    },
    "networks": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "name",
       "model"
      ],
      "properties": {
       "name": {
        "type": "string",
        "pattern": "^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$",
        "examples": [
         "data-1"
        ],
        "description": "Unique within the machine."
       },
       "network": {
        "type": "string",
        "pattern": "^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$",
        "examples": [
         "default"
        ],
        "description": "A libvirt network on the host."
       },
       "bridge": {
        "type": "string",
        "pattern": "^[a-zA-Z0-9][a-zA-Z0-9._-]{0,14}$",
        "examples": [
         "br0"
        ],
        "description": "A bridge on the host."
       },
       "macAddress": {
        "type": "string",
        "pattern": "^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$",
        "examples": [
         "52:54:00:12:34:56"
        ],
        "description": "Derived from the uid by default."
       },
       "model": {
        "enum": [
         "virtio",
         "e1000e",
         "rtl8139"
        ],
        "default": "virtio"
       }
      },
      "additionalProperties": false,
      "description": "Connected to exactly one of \`network\` or \`bridge\`."
     },
     "maxItems": 16,
     "default": [],
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "name"
     ]
    },
    "kernelBoot": {
     "type": "object",
     "required": [
      "kernel"
     ],
     "properties": {
      "kernel": {
       "type": "string",
       "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
       "description": "An Image that is a Linux kernel."
      },
      "initrd": {
       "type": "string",
       "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
       "description": "An Image that is an initial RAM disk."
      },
      "commandLine": {
       "type": "string",
       "maxLength": 2048,
       "pattern": "^[\\\\x20-\\\\x7e]*$"
      }
     },
     "additionalProperties": false,
     "description": "Boots a kernel directly instead of a disk."
    },
    "domainName": {
     "type": "string",
     "maxLength": 63,
     "pattern": "^(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9._-]*$",
     "examples": [
      "web"
     ],
     "description": "What its domain is called on the host, in place of NAMESPACE-NAME-UID. Never changes."
    },
    "terminationGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0,
     "maximum": 86400,
     "default": 30,
     "description": "How long a guest may take to shut down before it is forced off."
    },
    "failover": {
     "enum": [
      "Restart",
      "None"
     ],
     "description": "When its host is confirmed to be down: Restart (the default) starts it elsewhere, with new disks made from its images; None waits for the host."
    },
    "hostSelector": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 32,
     "additionalProperties": false,
     "description": "Labels that the host must have."
    },
    "affinity": {
     "type": "object",
     "properties": {
      "hostAffinity": {
       "type": "object",
       "properties": {
        "requiredDuringSchedulingIgnoredDuringExecution": {
         "type": "object",
         "required": [
          "hostSelectorTerms"
         ],
         "properties": {
          "hostSelectorTerms": {
           "type": "array",
           "items": {
            "type": "object",
            "required": [
             "matchExpressions"
            ],
            "properties": {
             "matchExpressions": {
              "type": "array",
              "items": {
               "type": "object",
               "required": [
                "key",
                "operator"
               ],
               "properties": {
                "key": {
                 "type": "string",
                 "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
                },
                "operator": {
                 "enum": [
                  "In",
                  "NotIn",
                  "Exists",
                  "DoesNotExist",
                  "Gt",
                  "Lt"
                 ]
                },
                "values": {
                 "type": "array",
                 "items": {
                  "type": "string",
                  "maxLength": 63,
                  "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                  "examples": [
                   "web-1"
                  ]
                 },
                 "maxItems": 64,
                 "x-kubernetes-list-type": "atomic"
                }
               },
               "additionalProperties": false
              },
              "minItems": 1,
              "maxItems": 32,
              "x-kubernetes-list-type": "atomic"
             }
            },
            "additionalProperties": false,
            "description": "Hosts whose labels are what every expression asks for."
           },
           "minItems": 1,
           "maxItems": 16,
           "x-kubernetes-list-type": "atomic"
          }
         },
         "additionalProperties": false,
         "description": "The host must be what at least one term asks for."
        },
        "preferredDuringSchedulingIgnoredDuringExecution": {
         "type": "array",
         "items": {
          "type": "object",
          "required": [
           "weight",
           "preference"
          ],
          "properties": {
           "weight": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100
           },
           "preference": {
            "type": "object",
            "required": [
             "matchExpressions"
            ],
            "properties": {
             "matchExpressions": {
              "type": "array",
              "items": {
               "type": "object",
               "required": [
                "key",
                "operator"
               ],
               "properties": {
                "key": {
                 "type": "string",
                 "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
                },
                "operator": {
                 "enum": [
                  "In",
                  "NotIn",
                  "Exists",
                  "DoesNotExist",
                  "Gt",
                  "Lt"
                 ]
                },
                "values": {
                 "type": "array",
                 "items": {
                  "type": "string",
                  "maxLength": 63,
                  "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                  "examples": [
                   "web-1"
                  ]
                 },
                 "maxItems": 64,
                 "x-kubernetes-list-type": "atomic"
                }
               },
               "additionalProperties": false
              },
              "minItems": 1,
              "maxItems": 32,
              "x-kubernetes-list-type": "atomic"
             }
            },
            "additionalProperties": false,
            "description": "Hosts whose labels are what every expression asks for."
           }
          },
          "additionalProperties": false
         },
         "maxItems": 16,
         "x-kubernetes-list-type": "atomic"
        }
       },
       "additionalProperties": false,
       "description": "Which hosts the machine must or would rather be on."
      },
      "machineAffinity": {
       "type": "object",
       "properties": {
        "requiredDuringSchedulingIgnoredDuringExecution": {
         "type": "array",
         "items": {
          "type": "object",
          "required": [
           "labelSelector",
           "topologyKey"
          ],
          "properties": {
           "labelSelector": {
            "type": "object",
            "properties": {
             "matchLabels": {
              "type": "object",
              "patternProperties": {
               "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
                "type": "string",
                "maxLength": 63,
                "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                "examples": [
                 "web-1"
                ]
               }
              },
              "maxProperties": 32,
              "additionalProperties": false,
              "description": "Every one of these labels, with exactly this value."
             },
             "matchExpressions": {
              "type": "array",
              "items": {
               "type": "object",
               "required": [
                "key",
                "operator"
               ],
               "properties": {
                "key": {
                 "type": "string",
                 "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
                },
                "operator": {
                 "enum": [
                  "In",
                  "NotIn",
                  "Exists",
                  "DoesNotExist"
                 ]
                },
                "values": {
                 "type": "array",
                 "items": {
                  "type": "string",
                  "maxLength": 63,
                  "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                  "examples": [
                   "web-1"
                  ]
                 },
                 "maxItems": 64,
                 "x-kubernetes-list-type": "atomic"
                }
               },
               "additionalProperties": false
              },
              "maxItems": 32,
              "x-kubernetes-list-type": "atomic"
             }
            },
            "additionalProperties": false,
            "x-kubernetes-map-type": "atomic",
            "description": "Chooses by labels; all of it must hold, and an empty one chooses all."
           },
           "topologyKey": {
            "type": "string",
            "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
           },
           "namespaces": {
            "type": "array",
            "items": {
             "type": "string",
             "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
             "examples": [
              "production"
             ]
            },
            "minItems": 1,
            "maxItems": 16,
            "x-kubernetes-list-type": "atomic",
            "description": "Whose machines are meant; by default those of the machine's own namespace."
           }
          },
          "additionalProperties": false,
          "description": "Machines by their labels, and the host label whose equal value makes two hosts one place."
         },
         "maxItems": 16,
         "x-kubernetes-list-type": "atomic"
        },
        "preferredDuringSchedulingIgnoredDuringExecution": {
         "type": "array",
         "items": {
          "type": "object",
          "required": [
           "weight",
           "machineAffinityTerm"
          ],
          "properties": {
           "weight": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100
           },
           "machineAffinityTerm": {
            "type": "object",
            "required": [
             "labelSelector",
             "topologyKey"
            ],
            "properties": {
             "labelSelector": {
              "type": "object",
              "properties": {
               "matchLabels": {
                "type": "object",
                "patternProperties": {
                 "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
                  "type": "string",
                  "maxLength": 63,
                  "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                  "examples": [
                   "web-1"
                  ]
                 }
                },
                "maxProperties": 32,
                "additionalProperties": false,
                "description": "Every one of these labels, with exactly this value."
               },
               "matchExpressions": {
                "type": "array",
                "items": {
                 "type": "object",
                 "required": [
                  "key",
                  "operator"
                 ],
                 "properties": {
                  "key": {
                   "type": "string",
                   "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
                  },
                  "operator": {
                   "enum": [
                    "In",
                    "NotIn",
                    "Exists",
                    "DoesNotExist"
                   ]
                  },
                  "values": {
                   "type": "array",
                   "items": {
                    "type": "string",
                    "maxLength": 63,
                    "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                    "examples": [
                     "web-1"
                    ]
                   },
                   "maxItems": 64,
                   "x-kubernetes-list-type": "atomic"
                  }
                 },
                 "additionalProperties": false
                },
                "maxItems": 32,
                "x-kubernetes-list-type": "atomic"
               }
              },
              "additionalProperties": false,
              "x-kubernetes-map-type": "atomic",
              "description": "Chooses by labels; all of it must hold, and an empty one chooses all."
             },
             "topologyKey": {
              "type": "string",
              "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
             },
             "namespaces": {
              "type": "array",
              "items": {
               "type": "string",
               "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
               "examples": [
                "production"
               ]
              },
              "minItems": 1,
              "maxItems": 16,
              "x-kubernetes-list-type": "atomic",
              "description": "Whose machines are meant; by default those of the machine's own namespace."
             }
            },
            "additionalProperties": false,
            "description": "Machines by their labels, and the host label whose equal value makes two hosts one place."
           }
          },
          "additionalProperties": false
         },
         "maxItems": 16,
         "x-kubernetes-list-type": "atomic"
        }
       },
       "additionalProperties": false
      },
      "machineAntiAffinity": {
       "type": "object",
       "properties": {
        "requiredDuringSchedulingIgnoredDuringExecution": {
         "type": "array",
         "items": {
          "type": "object",
          "required": [
           "labelSelector",
           "topologyKey"
          ],
          "properties": {
           "labelSelector": {
            "type": "object",
            "properties": {
             "matchLabels": {
              "type": "object",
              "patternProperties": {
               "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
                "type": "string",
                "maxLength": 63,
                "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                "examples": [
                 "web-1"
                ]
               }
              },
              "maxProperties": 32,
              "additionalProperties": false,
              "description": "Every one of these labels, with exactly this value."
             },
             "matchExpressions": {
              "type": "array",
              "items": {
               "type": "object",
               "required": [
                "key",
                "operator"
               ],
               "properties": {
                "key": {
                 "type": "string",
                 "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
                },
                "operator": {
                 "enum": [
                  "In",
                  "NotIn",
                  "Exists",
                  "DoesNotExist"
                 ]
                },
                "values": {
                 "type": "array",
                 "items": {
                  "type": "string",
                  "maxLength": 63,
                  "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                  "examples": [
                   "web-1"
                  ]
                 },
                 "maxItems": 64,
                 "x-kubernetes-list-type": "atomic"
                }
               },
               "additionalProperties": false
              },
              "maxItems": 32,
              "x-kubernetes-list-type": "atomic"
             }
            },
            "additionalProperties": false,
            "x-kubernetes-map-type": "atomic",
            "description": "Chooses by labels; all of it must hold, and an empty one chooses all."
           },
           "topologyKey": {
            "type": "string",
            "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
           },
           "namespaces": {
            "type": "array",
            "items": {
             "type": "string",
             "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
             "examples": [
              "production"
             ]
            },
            "minItems": 1,
            "maxItems": 16,
            "x-kubernetes-list-type": "atomic",
            "description": "Whose machines are meant; by default those of the machine's own namespace."
           }
          },
          "additionalProperties": false,
          "description": "Machines by their labels, and the host label whose equal value makes two hosts one place."
         },
         "maxItems": 16,
         "x-kubernetes-list-type": "atomic"
        },
        "preferredDuringSchedulingIgnoredDuringExecution": {
         "type": "array",
         "items": {
          "type": "object",
          "required": [
           "weight",
           "machineAffinityTerm"
          ],
          "properties": {
           "weight": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100
           },
           "machineAffinityTerm": {
            "type": "object",
            "required": [
             "labelSelector",
             "topologyKey"
            ],
            "properties": {
             "labelSelector": {
              "type": "object",
              "properties": {
               "matchLabels": {
                "type": "object",
                "patternProperties": {
                 "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
                  "type": "string",
                  "maxLength": 63,
                  "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                  "examples": [
                   "web-1"
                  ]
                 }
                },
                "maxProperties": 32,
                "additionalProperties": false,
                "description": "Every one of these labels, with exactly this value."
               },
               "matchExpressions": {
                "type": "array",
                "items": {
                 "type": "object",
                 "required": [
                  "key",
                  "operator"
                 ],
                 "properties": {
                  "key": {
                   "type": "string",
                   "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
                  },
                  "operator": {
                   "enum": [
                    "In",
                    "NotIn",
                    "Exists",
                    "DoesNotExist"
                   ]
                  },
                  "values": {
                   "type": "array",
                   "items": {
                    "type": "string",
                    "maxLength": 63,
                    "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                    "examples": [
                     "web-1"
                    ]
                   },
                   "maxItems": 64,
                   "x-kubernetes-list-type": "atomic"
                  }
                 },
                 "additionalProperties": false
                },
                "maxItems": 32,
                "x-kubernetes-list-type": "atomic"
               }
              },
              "additionalProperties": false,
              "x-kubernetes-map-type": "atomic",
              "description": "Chooses by labels; all of it must hold, and an empty one chooses all."
             },
             "topologyKey": {
              "type": "string",
              "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
             },
             "namespaces": {
              "type": "array",
              "items": {
               "type": "string",
               "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
               "examples": [
                "production"
               ]
              },
              "minItems": 1,
              "maxItems": 16,
              "x-kubernetes-list-type": "atomic",
              "description": "Whose machines are meant; by default those of the machine's own namespace."
             }
            },
            "additionalProperties": false,
            "description": "Machines by their labels, and the host label whose equal value makes two hosts one place."
           }
          },
          "additionalProperties": false
         },
         "maxItems": 16,
         "x-kubernetes-list-type": "atomic"
        }
       },
       "additionalProperties": false
      }
     },
     "additionalProperties": false,
     "description": "Near which hosts and machines the machine must or would rather be, or not be."
    },
    "topologySpreadConstraints": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "maxSkew",
       "topologyKey",
       "whenUnsatisfiable",
       "labelSelector"
      ],
      "properties": {
       "maxSkew": {
        "type": "integer",
        "minimum": 1,
        "maximum": 10000
       },
       "topologyKey": {
        "type": "string",
        "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
       },
       "whenUnsatisfiable": {
        "enum": [
         "DoNotSchedule",
         "ScheduleAnyway"
        ],
        "default": "DoNotSchedule"
       },
       "labelSelector": {
        "type": "object",
        "properties": {
         "matchLabels": {
          "type": "object",
          "patternProperties": {
           "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
            "type": "string",
            "maxLength": 63,
            "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
            "examples": [
             "web-1"
            ]
           }
          },
          "maxProperties": 32,
          "additionalProperties": false,
          "description": "Every one of these labels, with exactly this value."
         },
         "matchExpressions": {
          "type": "array",
          "items": {
           "type": "object",
           "required": [
            "key",
            "operator"
           ],
           "properties": {
            "key": {
             "type": "string",
             "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
            },
            "operator": {
             "enum": [
              "In",
              "NotIn",
              "Exists",
              "DoesNotExist"
             ]
            },
            "values": {
             "type": "array",
             "items": {
              "type": "string",
              "maxLength": 63,
              "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
              "examples": [
               "web-1"
              ]
             },
             "maxItems": 64,
             "x-kubernetes-list-type": "atomic"
            }
           },
           "additionalProperties": false
          },
          "maxItems": 32,
          "x-kubernetes-list-type": "atomic"
         }
        },
        "additionalProperties": false,
        "x-kubernetes-map-type": "atomic",
        "description": "Chooses by labels; all of it must hold, and an empty one chooses all."
       },
       "minDomains": {
        "type": "integer",
        "minimum": 1,
        "maximum": 10000
       }
      },
      "additionalProperties": false,
      "description": "How unevenly machines of one selector may stand over the values of a host label."
     },
     "maxItems": 8,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "topologyKey",
      "whenUnsatisfiable"
     ]
    },
    "tolerations": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "operator"
      ],
      "properties": {
       "key": {
        "type": "string",
        "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
       },
       "operator": {
        "enum": [
         "Equal",
         "Exists"
        ],
        "default": "Equal"
       },
       "value": {
        "type": "string",
        "maxLength": 63,
        "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
        "examples": [
         "web-1"
        ]
       },
       "effect": {
        "enum": [
         "NoSchedule",
         "PreferNoSchedule",
         "NoExecute"
        ]
       }
      },
      "additionalProperties": false,
      "description": "A taint that does not keep the machine away. Without an effect: any of that key."
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "atomic"
    },
    "priorityClassName": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ],
     "description": "A PriorityClass."
    },
    "placementPolicy": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "packed"
     ],
     "description": "A PlacementPolicy."
    }
   },
   "additionalProperties": false
  },
  "status": {
   "type": "object",
   "properties": {
    "observedGeneration": {
     "type": "integer",
     "minimum": -1
    },
    "printableStatus": {
     "enum": [
      "Stopped",
      "Provisioning",
      "Starting",
      "Running",
      "Paused",
      "Stopping",
      "Terminating",
      "CrashLoopBackOff",
      "Migrating",
      "Unknown",
      "ErrorUnschedulable",
      "ErrImagePull",
      "ImagePullBackOff"
     ]
    },
    "hostName": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$"
    },
    "hostUuid": {
     "type": "string",
     "maxLength": 36
    },
    "allocated": {
     "type": "object",
     "required": [
      "cpus",
      "memoryBytes",
      "diskBytes"
     ],
     "properties": {
      "cpus": {
       "type": "number",
       "minimum": 0
      },
      "memoryBytes": {
       "type": "integer",
       "minimum": 0
      },
      "diskBytes": {
       "type": "integer",
       "minimum": 0
      }
     },
     "additionalProperties": false
    },
    "placementEpoch": {
     "type": "integer",
     "minimum": 0
    },
    "leaving": {
     "type": "object",
     "required": [
      "reason",
      "since",
      "message"
     ],
     "properties": {
      "reason": {
       "enum": [
        "StartFailed",
        "Preempted"
       ]
      },
      "since": {
       "type": "string",
       "maxLength": 40
      },
      "message": {
       "type": "string",
       "maxLength": 2048
      }
     },
     "additionalProperties": false
    },
    "departure": {
     "type": "object",
     "required": [
      "proof",
      "hostName",
      "epoch",
      "at",
      "message"
     ],
     "properties": {
      "proof": {
       "enum": [
        "ObservedAbsent",
        "FenceDevice",
        "HumanStatement"
       ]
      },
      "hostName": {
       "type": "string",
       "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$"
      },
      "hostUuid": {
       "type": "string",
       "maxLength": 36
      },
      "epoch": {
       "type": "integer",
       "minimum": 0
      },
      "by": {
       "type": "string",
       "maxLength": 253
      },
      "at": {
       "type": "string",
       "maxLength": 40
      },
      "message": {
       "type": "string",
       "maxLength": 2048
      }
     },
     "additionalProperties": false
    },
    "disksEpoch": {
     "type": "integer",
     "minimum": 0
    },
    "leftBehind": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "hostName",
       "epoch",
       "since",
       "volumes"
      ],
      "properties": {
       "hostName": {
        "type": "string",
        "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$"
       },
       "hostUuid": {
        "type": "string",
        "maxLength": 36
       },
       "epoch": {
        "type": "integer",
        "minimum": 0
       },
       "since": {
        "type": "string",
        "maxLength": 40
       },
       "volumes": {
        "type": "array",
        "items": {
         "type": "object",
         "required": [
          "disk",
          "volume"
         ],
         "properties": {
          "disk": {
           "type": "string",
           "maxLength": 63
          },
          "volume": {
           "type": "string",
           "maxLength": 128
          },
          "backing": {
           "type": "string",
           "maxLength": 128
          }
         },
         "additionalProperties": false
        },
        "maxItems": 64,
        "x-kubernetes-list-type": "atomic"
       }
      },
      "additionalProperties": false
     },
     "maxItems": 16,
     "x-kubernetes-list-type": "atomic"
    },
    "preempted": {
     "type": "object",
     "required": [
      "since",
      "message"
     ],
     "properties": {
      "since": {
       "type": "string",
       "maxLength": 40
      },
      "message": {
       "type": "string",
       "maxLength": 2048
      }
     },
     "additionalProperties": false
    },
    "failedHosts": {
     "type": "array",
     "items": {
      "type": "string",
      "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$"
     },
     "maxItems": 3,
     "x-kubernetes-list-type": "atomic"
    },
    "decisions": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "sequence",
       "time",
       "type",
       "policy",
       "message",
       "hosts",
       "feasible"
      ],
      "properties": {
       "sequence": {
        "type": "integer",
        "minimum": 0
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "type": {
        "enum": [
         "Placed",
         "Unschedulable",
         "StartFailed",
         "Preempting",
         "Preempted"
        ]
       },
       "policy": {
        "type": "string",
        "maxLength": 63
       },
       "hostName": {
        "type": "string",
        "maxLength": 253
       },
       "message": {
        "type": "string",
        "maxLength": 2048
       },
       "hosts": {
        "type": "integer",
        "minimum": 0
       },
       "feasible": {
        "type": "integer",
        "minimum": 0
       },
       "best": {
        "type": "array",
        "items": {
         "type": "object",
         "required": [
          "hostName",
          "total",
          "scores"
         ],
         "properties": {
          "hostName": {
           "type": "string",
           "maxLength": 253
          },
          "total": {
           "type": "number"
          },
          "scores": {
           "type": "object",
           "patternProperties": {
            "^[A-Za-z]{1,63}$": {
             "type": "number"
            }
           },
           "maxProperties": 32,
           "additionalProperties": false
          }
         },
         "additionalProperties": false
        },
        "maxItems": 5,
        "x-kubernetes-list-type": "atomic"
       },
       "refused": {
        "type": "array",
        "items": {
         "type": "object",
         "required": [
          "plugin",
          "reason",
          "hosts",
          "examples"
         ],
         "properties": {
          "plugin": {
           "type": "string",
           "maxLength": 63
          },
          "reason": {
           "type": "string",
           "maxLength": 512
          },
          "hosts": {
           "type": "integer",
           "minimum": 0
          },
          "examples": {
           "type": "array",
           "items": {
            "type": "string",
            "maxLength": 253
           },
           "maxItems": 3,
           "x-kubernetes-list-type": "atomic"
          }
         },
         "additionalProperties": false
        },
        "maxItems": 16,
        "x-kubernetes-list-type": "atomic"
       },
       "suggestions": {
        "type": "array",
        "items": {
         "type": "string",
         "maxLength": 1024
        },
        "maxItems": 3,
        "x-kubernetes-list-type": "atomic"
       }
      },
      "additionalProperties": false
     },
     "maxItems": 5,
     "x-kubernetes-list-type": "atomic"
    },
    "queuedRevision": {
     "type": "string",
     "maxLength": 20,
     "pattern": "^[0-9]+$"
    },
    "conditions": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "type",
       "status",
       "reason",
       "message",
       "lastTransitionTime"
      ],
      "properties": {
       "type": {
        "type": "string",
        "maxLength": 316
       },
       "status": {
        "enum": [
         "True",
         "False",
         "Unknown"
        ]
       },
       "reason": {
        "type": "string",
        "maxLength": 1024
       },
       "message": {
        "type": "string",
        "maxLength": 32768
       },
       "lastTransitionTime": {
        "type": "string",
        "maxLength": 40
       },
       "observedGeneration": {
        "type": "integer",
        "minimum": 0
       }
      },
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "type"
     ]
    },
    "domain": {
     "type": "object",
     "required": [
      "name",
      "state",
      "reason"
     ],
     "properties": {
      "name": {
       "type": "string",
       "maxLength": 200
      },
      "state": {
       "type": "string",
       "maxLength": 32
      },
      "reason": {
       "type": "string",
       "maxLength": 64
      }
     },
     "additionalProperties": false
    },
    "interfaces": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "name",
       "mac"
      ],
      "properties": {
       "name": {
        "type": "string",
        "maxLength": 63
       },
       "mac": {
        "type": "string",
        "maxLength": 17
       },
       "ipAddress": {
        "type": "string",
        "maxLength": 45
       },
       "ipAddresses": {
        "type": "array",
        "items": {
         "type": "string",
         "maxLength": 45
        },
        "maxItems": 16,
        "x-kubernetes-list-type": "atomic"
       }
      },
      "additionalProperties": false
     },
     "maxItems": 16,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "name"
     ]
    },
    "started": {
     "type": "boolean"
    },
    "startedAt": {
     "type": "string",
     "maxLength": 40
    },
    "startedDefinition": {
     "type": "string",
     "maxLength": 64
    },
    "lastRunEnd": {
     "enum": [
      "GuestShutdown",
      "Failure"
     ]
    },
    "shutdownRequestedAt": {
     "type": "string",
     "maxLength": 40
    },
    "startFailure": {
     "type": "object",
     "required": [
      "consecutiveFailCount",
      "lastFailureTime",
      "retryAfterTime",
      "message"
     ],
     "properties": {
      "consecutiveFailCount": {
       "type": "integer",
       "minimum": 0
      },
      "lastFailureTime": {
       "type": "string",
       "maxLength": 40
      },
      "retryAfterTime": {
       "type": "string",
       "maxLength": 40
      },
      "message": {
       "type": "string",
       "maxLength": 4096
      }
     },
     "additionalProperties": false
    },
    "runOverride": {
     "type": "object",
     "required": [
      "action",
      "requestedBy",
      "requestedAt",
      "runStrategy"
     ],
     "properties": {
      "action": {
       "enum": [
        "Start",
        "Stop"
       ]
      },
      "requestedBy": {
       "type": "string",
       "maxLength": 253
      },
      "requestedAt": {
       "type": "string",
       "maxLength": 40
      },
      "runStrategy": {
       "type": "string",
       "maxLength": 32
      },
      "gracePeriodSeconds": {
       "type": "integer",
       "minimum": 0,
       "maximum": 86400
      }
     },
     "additionalProperties": false
    },
    "restartRequest": {
     "type": "object",
     "required": [
      "requestedBy",
      "requestedAt"
     ],
     "properties": {
      "requestedBy": {
       "type": "string",
       "maxLength": 253
      },
      "requestedAt": {
       "type": "string",
       "maxLength": 40
      },
      "gracePeriodSeconds": {
       "type": "integer",
       "minimum": 0,
       "maximum": 86400
      }
     },
     "additionalProperties": false
    },
    "pauseRequest": {
     "type": "object",
     "required": [
      "action",
      "requestedBy",
      "requestedAt"
     ],
     "properties": {
      "action": {
       "enum": [
        "Pause",
        "Unpause"
       ]
      },
      "requestedBy": {
       "type": "string",
       "maxLength": 253
      },
      "requestedAt": {
       "type": "string",
       "maxLength": 40
      }
     },
     "additionalProperties": false
    },
    "volumes": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "disk",
       "volume"
      ],
      "properties": {
       "disk": {
        "type": "string",
        "maxLength": 63
       },
       "volume": {
        "type": "string",
        "maxLength": 128
       },
       "backing": {
        "type": "string",
        "maxLength": 128
       },
       "capacityBytes": {
        "type": "integer",
        "minimum": 0
       },
       "made": {
        "type": "boolean"
       }
      },
      "additionalProperties": false
     },
     "maxItems": 64,
     "x-kubernetes-list-type": "atomic"
    },
    "attachedVolumes": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "disk",
       "name",
       "uid",
       "volume",
       "target"
      ],
      "properties": {
       "disk": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$"
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "volume": {
        "type": "string",
        "maxLength": 128
       },
       "target": {
        "type": "string",
        "maxLength": 8
       },
       "attached": {
        "type": "boolean"
       },
       "requestedAt": {
        "type": "string",
        "maxLength": 40
       },
       "detachRequestedAt": {
        "type": "string",
        "maxLength": 40
       },
       "detachRequests": {
        "type": "integer",
        "minimum": 0
       }
      },
      "additionalProperties": false
     },
     "maxItems": 64,
     "x-kubernetes-list-type": "atomic"
    },
    "bootContents": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 128
     },
     "maxItems": 2,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  }
 },
 "additionalProperties": false,
 "description": "A virtual machine that should exist on one of the hosts."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > VirtualMachinePool 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata",
  "spec"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "ostler.dev/v1"
  },
  "kind": {
   "type": "string",
   "const": "VirtualMachinePool"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "web-1"
     ],
     "description": "Unique within kind and namespace; a DNS label."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "spec": {
   "type": "object",
   "required": [
    "replicas",
    "minReadySeconds",
    "selector",
    "template"
   ],
   "properties": {
    "replicas": {
     "type": "integer",
     "minimum": 0,
     "maximum": 10000,
     "default": 1,
     "description": "How many members there should be."
    },
    "minReadySeconds": {
     "type": "integer",
     "minimum": 0,
     "maximum": 86400,
     "default": 0,
     "description": "How long a member must have been ready to count as available."
    },
    "selector": {
     "type": "object",
     "properties": {
      "matchLabels": {
       "type": "object",
       "patternProperties": {
        "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
         "type": "string",
         "maxLength": 63,
         "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
         "examples": [
          "web-1"
         ]
        }
       },
       "maxProperties": 32,
       "additionalProperties": false,
       "description": "Every one of these labels, with exactly this value."
      },
      "matchExpressions": {
       "type": "array",
       "items": {
        "type": "object",
        "required": [
         "key",
         "operator"
        ],
        "properties": {
         "key": {
          "type": "string",
          "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
         },
         "operator": {
          "enum": [
           "In",
           "NotIn",
           "Exists",
           "DoesNotExist"
          ]
         },
         "values": {
          "type": "array",
          "items": {
           "type": "string",
           "maxLength": 63,
           "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
           "examples": [
            "web-1"
           ]
          },
          "maxItems": 64,
          "x-kubernetes-list-type": "atomic"
         }
        },
        "additionalProperties": false
       },
       "maxItems": 32,
       "x-kubernetes-list-type": "atomic"
      }
     },
     "additionalProperties": false,
     "x-kubernetes-map-type": "atomic",
     "description": "Chooses by labels; all of it must hold, and an empty one chooses all."
    },
    "template": {
     "type": "object",
     "required": [
      "spec"
     ],
     "properties": {
      "metadata": {
       "type": "object",
       "properties": {
        "labels": {
         "type": "object",
         "patternProperties": {
          "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
           "type": "string",
           "maxLength": 63,
           "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
           "examples": [
            "web-1"
           ]
          }
         },
         "maxProperties": 64,
         "additionalProperties": false
        },
        "annotations": {
         "type": "object",
         "patternProperties": {
          "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
           "type": "string",
           "maxLength": 262144
          }
         },
         "maxProperties": 64,
         "additionalProperties": false
        }
       },
       "additionalProperties": false,
       "description": "Labels and annotations that every member is made with."
      },
      "spec": {
       "type": "object",
       "required": [
        "runStrategy",
        "disks",
        "networks",
        "terminationGracePeriodSeconds"
       ],
       "properties": {
        "runStrategy": {
         "enum": [
          "Always",
          "RerunOnFailure",
          "Once",
          "Manual",
          "Halted"
         ],
         "default": "Always",
         "description": "When the machine runs: Always, RerunOnFailure, Once, Manual or Halted."
        },
        "instanceType": {
         "type": "string",
         "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
         "examples": [
          "small"
         ],
         "description": "An InstanceType that gives the size."
        },
        "cpus": {
         "type": "integer",
         "minimum": 1,
         "maximum": 512
        },
        "memory": {
         "type": "string",
         "pattern": "^([0-9]{1,15})(\\\\.[0-9]{1,6})?(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$",
         "maxLength": 24,
         "examples": [
          "512Mi",
          "10Gi"
         ],
         "description": "Bytes, with a binary (Ki, Mi, Gi, Ti) or decimal (k, M, G, T) suffix."
        },
        "disks": {
         "type": "array",
         "items": {
          "type": "object",
          "required": [
           "name",
           "bus"
          ],
          "properties": {
           "name": {
            "type": "string",
            "pattern": "^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$",
            "examples": [
             "data-1"
            ],
            "description": "Unique within the machine."
           },
           "image": {
            "type": "string",
            "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
            "examples": [
             "debian-13"
            ],
            "description": "An Image; the disk is a copy-on-write overlay of it."
           },
           "size": {
            "type": "string",
            "pattern": "^([0-9]{1,15})(\\\\.[0-9]{1,6})?(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$",
            "maxLength": 24,
            "examples": [
             "512Mi",
             "10Gi"
            ],
            "description": "Bytes, with a binary (Ki, Mi, Gi, Ti) or decimal (k, M, G, T) suffix."
           },
           "volume": {
            "type": "string",
            "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
            "examples": [
             "data"
            ],
            "description": "A Volume of the same namespace: attached and released while the machine runs."
           },
           "bus": {
            "enum": [
             "virtio",
             "scsi",
             "sata"
            ],
            "default": "virtio"
           }
          },
          "additionalProperties": false,
          "description": "From an \`image\` (optionally grown to \`size\`), blank with a \`size\`, or a \`volume\`."
         },
         "maxItems": 24,
         "default": [],
         "x-kubernetes-list-type": "map",
         "x-kubernetes-list-map-keys": [
          "name"
         ]
        },
        "networks": {
         "type": "array",
         "items": {
          "type": "object",
          "required": [
           "name",
           "model"
          ],
          "properties": {
           "name": {
            "type": "string",
            "pattern": "^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$",
            "examples": [
             "data-1"
            ],
            "description": "Unique within the machine."
           },
           "network": {
            "type": "string",
            "pattern": "^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$",
            "examples": [
             "default"
            ],
            "description": "A libvirt network on the host."
           },
           "bridge": {
            "type": "string",
            "pattern": "^[a-zA-Z0-9][a-zA-Z0-9._-]{0,14}$",
            "examples": [
             "br0"
            ],
            "description": "A bridge on the host."
           },
           "macAddress": {
            "type": "string",
            "pattern": "^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$",
            "examples": [
             "52:54:00:12:34:56"
            ],
            "description": "Derived from the uid by default."
           },
           "model": {
            "enum": [
             "virtio",
             "e1000e",
             "rtl8139"
            ],
            "default": "virtio"
           }
          },
          "additionalProperties": false,
          "description": "Connected to exactly one of \`network\` or \`bridge\`."
         },
         "maxItems": 16,
         "default": [],
         "x-kubernetes-list-type": "map",
         "x-kubernetes-list-map-keys": [
          "name"
         ]
        },
        "kernelBoot": {
         "type": "object",
         "required": [
          "kernel"
         ],
         "properties": {
          "kernel": {
           "type": "string",
           "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
           "description": "An Image that is a Linux kernel."
          },
          "initrd": {
           "type": "string",
           "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
           "description": "An Image that is an initial RAM disk."
          },
          "commandLine": {
           "type": "string",
           "maxLength": 2048,
           "pattern": "^[\\\\x20-\\\\x7e]*$"
          }
         },
         "additionalProperties": false,
         "description": "Boots a kernel directly instead of a disk."
        },
        "domainName": {
         "type": "string",
         "maxLength": 63,
         "pattern": "^(?=.*[A-Za-z])[A-Za-z0-9][A-Za-z0-9._-]*$",
         "examples": [
          "web"
         ],
         "description": "What its domain is called on the host, in place of NAMESPACE-NAME-UID. Never changes."
        },
        "terminationGracePeriodSeconds": {
         "type": "integer",
         "minimum": 0,
         "maximum": 86400,
         "default": 30,
         "description": "How long a guest may take to shut down before it is forced off."
        },
        "failover": {
         "enum": [
          "Restart",
          "None"
         ],
         "description": "When its host is confirmed to be down: Restart (the default) starts it elsewhere, with new disks made from its images; None waits for the host."
        },
        "hostSelector": {
         "type": "object",
         "patternProperties": {
          "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
           "type": "string",
           "maxLength": 63,
           "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
           "examples": [
            "web-1"
           ]
          }
         },
         "maxProperties": 32,
         "additionalProperties": false,
         "description": "Labels that the host must have."
        },
        "affinity": {
         "type": "object",
         "properties": {
          "hostAffinity": {
           "type": "object",
           "properties": {
            "requiredDuringSchedulingIgnoredDuringExecution": {
             "type": "object",
             "required": [
              "hostSelectorTerms"
             ],
             "properties": {
              "hostSelectorTerms": {
               "type": "array",
               "items": {
                "type": "object",
                "required": [
                 "matchExpressions"
                ],
                "properties": {
                 "matchExpressions": {
                  "type": "array",
                  "items": {
                   "type": "object",
                   "required": [
                    "key",
                    "operator"
                   ],
                   "properties": {
                    "key": {
                     "type": "string",
                     "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
                    },
                    "operator": {
                     "enum": [
                      "In",
                      "NotIn",
                      "Exists",
                      "DoesNotExist",
                      "Gt",
                      "Lt"
                     ]
                    },
                    "values": {
                     "type": "array",
                     "items": {
                      "type": "string",
                      "maxLength": 63,
                      "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                      "examples": [
                       "web-1"
                      ]
                     },
                     "maxItems": 64,
                     "x-kubernetes-list-type": "atomic"
                    }
                   },
                   "additionalProperties": false
                  },
                  "minItems": 1,
                  "maxItems": 32,
                  "x-kubernetes-list-type": "atomic"
                 }
                },
                "additionalProperties": false,
                "description": "Hosts whose labels are what every expression asks for."
               },
               "minItems": 1,
               "maxItems": 16,
               "x-kubernetes-list-type": "atomic"
              }
             },
             "additionalProperties": false,
             "description": "The host must be what at least one term asks for."
            },
            "preferredDuringSchedulingIgnoredDuringExecution": {
             "type": "array",
             "items": {
              "type": "object",
              "required": [
               "weight",
               "preference"
              ],
              "properties": {
               "weight": {
                "type": "integer",
                "minimum": 1,
                "maximum": 100
               },
               "preference": {
                "type": "object",
                "required": [
                 "matchExpressions"
                ],
                "properties": {
                 "matchExpressions": {
                  "type": "array",
                  "items": {
                   "type": "object",
                   "required": [
                    "key",
                    "operator"
                   ],
                   "properties": {
                    "key": {
                     "type": "string",
                     "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
                    },
                    "operator": {
                     "enum": [
                      "In",
                      "NotIn",
                      "Exists",
                      "DoesNotExist",
                      "Gt",
                      "Lt"
                     ]
                    },
                    "values": {
                     "type": "array",
                     "items": {
                      "type": "string",
                      "maxLength": 63,
                      "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                      "examples": [
                       "web-1"
                      ]
                     },
                     "maxItems": 64,
                     "x-kubernetes-list-type": "atomic"
                    }
                   },
                   "additionalProperties": false
                  },
                  "minItems": 1,
                  "maxItems": 32,
                  "x-kubernetes-list-type": "atomic"
                 }
                },
                "additionalProperties": false,
                "description": "Hosts whose labels are what every expression asks for."
               }
              },
              "additionalProperties": false
             },
             "maxItems": 16,
             "x-kubernetes-list-type": "atomic"
            }
           },
           "additionalProperties": false,
           "description": "Which hosts the machine must or would rather be on."
          },
          "machineAffinity": {
           "type": "object",
           "properties": {
            "requiredDuringSchedulingIgnoredDuringExecution": {
             "type": "array",
             "items": {
              "type": "object",
              "required": [
               "labelSelector",
               "topologyKey"
              ],
              "properties": {
               "labelSelector": {
                "type": "object",
                "properties": {
                 "matchLabels": {
                  "type": "object",
                  "patternProperties": {
                   "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
                    "type": "string",
                    "maxLength": 63,
                    "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                    "examples": [
                     "web-1"
                    ]
                   }
                  },
                  "maxProperties": 32,
                  "additionalProperties": false,
                  "description": "Every one of these labels, with exactly this value."
                 },
                 "matchExpressions": {
                  "type": "array",
                  "items": {
                   "type": "object",
                   "required": [
                    "key",
                    "operator"
                   ],
                   "properties": {
                    "key": {
                     "type": "string",
                     "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
                    },
                    "operator": {
                     "enum": [
                      "In",
                      "NotIn",
                      "Exists",
                      "DoesNotExist"
                     ]
                    },
                    "values": {
                     "type": "array",
                     "items": {
                      "type": "string",
                      "maxLength": 63,
                      "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                      "examples": [
                       "web-1"
                      ]
                     },
                     "maxItems": 64,
                     "x-kubernetes-list-type": "atomic"
                    }
                   },
                   "additionalProperties": false
                  },
                  "maxItems": 32,
                  "x-kubernetes-list-type": "atomic"
                 }
                },
                "additionalProperties": false,
                "x-kubernetes-map-type": "atomic",
                "description": "Chooses by labels; all of it must hold, and an empty one chooses all."
               },
               "topologyKey": {
                "type": "string",
                "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
               },
               "namespaces": {
                "type": "array",
                "items": {
                 "type": "string",
                 "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
                 "examples": [
                  "production"
                 ]
                },
                "minItems": 1,
                "maxItems": 16,
                "x-kubernetes-list-type": "atomic",
                "description": "Whose machines are meant; by default those of the machine's own namespace."
               }
              },
              "additionalProperties": false,
              "description": "Machines by their labels, and the host label whose equal value makes two hosts one place."
             },
             "maxItems": 16,
             "x-kubernetes-list-type": "atomic"
            },
            "preferredDuringSchedulingIgnoredDuringExecution": {
             "type": "array",
             "items": {
              "type": "object",
              "required": [
               "weight",
               "machineAffinityTerm"
              ],
              "properties": {
               "weight": {
                "type": "integer",
                "minimum": 1,
                "maximum": 100
               },
               "machineAffinityTerm": {
                "type": "object",
                "required": [
                 "labelSelector",
                 "topologyKey"
                ],
                "properties": {
                 "labelSelector": {
                  "type": "object",
                  "properties": {
                   "matchLabels": {
                    "type": "object",
                    "patternProperties": {
                     "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
                      "type": "string",
                      "maxLength": 63,
                      "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                      "examples": [
                       "web-1"
                      ]
                     }
                    },
                    "maxProperties": 32,
                    "additionalProperties": false,
                    "description": "Every one of these labels, with exactly this value."
                   },
                   "matchExpressions": {
                    "type": "array",
                    "items": {
                     "type": "object",
                     "required": [
                      "key",
                      "operator"
                     ],
                     "properties": {
                      "key": {
                       "type": "string",
                       "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
                      },
                      "operator": {
                       "enum": [
                        "In",
                        "NotIn",
                        "Exists",
                        "DoesNotExist"
                       ]
                      },
                      "values": {
                       "type": "array",
                       "items": {
                        "type": "string",
                        "maxLength": 63,
                        "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                        "examples": [
                         "web-1"
                        ]
                       },
                       "maxItems": 64,
                       "x-kubernetes-list-type": "atomic"
                      }
                     },
                     "additionalProperties": false
                    },
                    "maxItems": 32,
                    "x-kubernetes-list-type": "atomic"
                   }
                  },
                  "additionalProperties": false,
                  "x-kubernetes-map-type": "atomic",
                  "description": "Chooses by labels; all of it must hold, and an empty one chooses all."
                 },
                 "topologyKey": {
                  "type": "string",
                  "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
                 },
                 "namespaces": {
                  "type": "array",
                  "items": {
                   "type": "string",
                   "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
                   "examples": [
                    "production"
                   ]
                  },
                  "minItems": 1,
                  "maxItems": 16,
                  "x-kubernetes-list-type": "atomic",
                  "description": "Whose machines are meant; by default those of the machine's own namespace."
                 }
                },
                "additionalProperties": false,
                "description": "Machines by their labels, and the host label whose equal value makes two hosts one place."
               }
              },
              "additionalProperties": false
             },
             "maxItems": 16,
             "x-kubernetes-list-type": "atomic"
            }
           },
           "additionalProperties": false
          },
          "machineAntiAffinity": {
           "type": "object",
           "properties": {
            "requiredDuringSchedulingIgnoredDuringExecution": {
             "type": "array",
             "items": {
              "type": "object",
              "required": [
               "labelSelector",
               "topologyKey"
              ],
              "properties": {
               "labelSelector": {
                "type": "object",
                "properties": {
                 "matchLabels": {
                  "type": "object",
                  "patternProperties": {
                   "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
                    "type": "string",
                    "maxLength": 63,
                    "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                    "examples": [
                     "web-1"
                    ]
                   }
                  },
                  "maxProperties": 32,
                  "additionalProperties": false,
                  "description": "Every one of these labels, with exactly this value."
                 },
                 "matchExpressions": {
                  "type": "array",
                  "items": {
                   "type": "object",
                   "required": [
                    "key",
                    "operator"
                   ],
                   "properties": {
                    "key": {
                     "type": "string",
                     "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
                    },
                    "operator": {
                     "enum": [
                      "In",
                      "NotIn",
                      "Exists",
                      "DoesNotExist"
                     ]
                    },
                    "values": {
                     "type": "array",
                     "items": {
                      "type": "string",
                      "maxLength": 63,
                      "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                      "examples": [
                       "web-1"
                      ]
                     },
                     "maxItems": 64,
                     "x-kubernetes-list-type": "atomic"
                    }
                   },
                   "additionalProperties": false
                  },
                  "maxItems": 32,
                  "x-kubernetes-list-type": "atomic"
                 }
                },
                "additionalProperties": false,
                "x-kubernetes-map-type": "atomic",
                "description": "Chooses by labels; all of it must hold, and an empty one chooses all."
               },
               "topologyKey": {
                "type": "string",
                "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
               },
               "namespaces": {
                "type": "array",
                "items": {
                 "type": "string",
                 "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
                 "examples": [
                  "production"
                 ]
                },
                "minItems": 1,
                "maxItems": 16,
                "x-kubernetes-list-type": "atomic",
                "description": "Whose machines are meant; by default those of the machine's own namespace."
               }
              },
              "additionalProperties": false,
              "description": "Machines by their labels, and the host label whose equal value makes two hosts one place."
             },
             "maxItems": 16,
             "x-kubernetes-list-type": "atomic"
            },
            "preferredDuringSchedulingIgnoredDuringExecution": {
             "type": "array",
             "items": {
              "type": "object",
              "required": [
               "weight",
               "machineAffinityTerm"
              ],
              "properties": {
               "weight": {
                "type": "integer",
                "minimum": 1,
                "maximum": 100
               },
               "machineAffinityTerm": {
                "type": "object",
                "required": [
                 "labelSelector",
                 "topologyKey"
                ],
                "properties": {
                 "labelSelector": {
                  "type": "object",
                  "properties": {
                   "matchLabels": {
                    "type": "object",
                    "patternProperties": {
                     "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
                      "type": "string",
                      "maxLength": 63,
                      "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                      "examples": [
                       "web-1"
                      ]
                     }
                    },
                    "maxProperties": 32,
                    "additionalProperties": false,
                    "description": "Every one of these labels, with exactly this value."
                   },
                   "matchExpressions": {
                    "type": "array",
                    "items": {
                     "type": "object",
                     "required": [
                      "key",
                      "operator"
                     ],
                     "properties": {
                      "key": {
                       "type": "string",
                       "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
                      },
                      "operator": {
                       "enum": [
                        "In",
                        "NotIn",
                        "Exists",
                        "DoesNotExist"
                       ]
                      },
                      "values": {
                       "type": "array",
                       "items": {
                        "type": "string",
                        "maxLength": 63,
                        "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                        "examples": [
                         "web-1"
                        ]
                       },
                       "maxItems": 64,
                       "x-kubernetes-list-type": "atomic"
                      }
                     },
                     "additionalProperties": false
                    },
                    "maxItems": 32,
                    "x-kubernetes-list-type": "atomic"
                   }
                  },
                  "additionalProperties": false,
                  "x-kubernetes-map-type": "atomic",
                  "description": "Chooses by labels; all of it must hold, and an empty one chooses all."
                 },
                 "topologyKey": {
                  "type": "string",
                  "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
                 },
                 "namespaces": {
                  "type": "array",
                  "items": {
                   "type": "string",
                   "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
                   "examples": [
                    "production"
                   ]
                  },
                  "minItems": 1,
                  "maxItems": 16,
                  "x-kubernetes-list-type": "atomic",
                  "description": "Whose machines are meant; by default those of the machine's own namespace."
                 }
                },
                "additionalProperties": false,
                "description": "Machines by their labels, and the host label whose equal value makes two hosts one place."
               }
              },
              "additionalProperties": false
             },
             "maxItems": 16,
             "x-kubernetes-list-type": "atomic"
            }
           },
           "additionalProperties": false
          }
         },
         "additionalProperties": false,
         "description": "Near which hosts and machines the machine must or would rather be, or not be."
        },
        "topologySpreadConstraints": {
         "type": "array",
         "items": {
          "type": "object",
          "required": [
           "maxSkew",
           "topologyKey",
           "whenUnsatisfiable",
           "labelSelector"
          ],
          "properties": {
           "maxSkew": {
            "type": "integer",
            "minimum": 1,
            "maximum": 10000
           },
           "topologyKey": {
            "type": "string",
            "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
           },
           "whenUnsatisfiable": {
            "enum": [
             "DoNotSchedule",
             "ScheduleAnyway"
            ],
            "default": "DoNotSchedule"
           },
           "labelSelector": {
            "type": "object",
            "properties": {
             "matchLabels": {
              "type": "object",
              "patternProperties": {
               "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
                "type": "string",
                "maxLength": 63,
                "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                "examples": [
                 "web-1"
                ]
               }
              },
              "maxProperties": 32,
              "additionalProperties": false,
              "description": "Every one of these labels, with exactly this value."
             },
             "matchExpressions": {
              "type": "array",
              "items": {
               "type": "object",
               "required": [
                "key",
                "operator"
               ],
               "properties": {
                "key": {
                 "type": "string",
                 "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
                },
                "operator": {
                 "enum": [
                  "In",
                  "NotIn",
                  "Exists",
                  "DoesNotExist"
                 ]
                },
                "values": {
                 "type": "array",
                 "items": {
                  "type": "string",
                  "maxLength": 63,
                  "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
                  "examples": [
                   "web-1"
                  ]
                 },
                 "maxItems": 64,
                 "x-kubernetes-list-type": "atomic"
                }
               },
               "additionalProperties": false
              },
              "maxItems": 32,
              "x-kubernetes-list-type": "atomic"
             }
            },
            "additionalProperties": false,
            "x-kubernetes-map-type": "atomic",
            "description": "Chooses by labels; all of it must hold, and an empty one chooses all."
           },
           "minDomains": {
            "type": "integer",
            "minimum": 1,
            "maximum": 10000
           }
          },
          "additionalProperties": false,
          "description": "How unevenly machines of one selector may stand over the values of a host label."
         },
         "maxItems": 8,
         "x-kubernetes-list-type": "map",
         "x-kubernetes-list-map-keys": [
          "topologyKey",
          "whenUnsatisfiable"
         ]
        },
        "tolerations": {
         "type": "array",
         "items": {
          "type": "object",
          "required": [
           "operator"
          ],
          "properties": {
           "key": {
            "type": "string",
            "pattern": "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$"
           },
           "operator": {
            "enum": [
             "Equal",
             "Exists"
            ],
            "default": "Equal"
           },
           "value": {
            "type": "string",
            "maxLength": 63,
            "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
            "examples": [
             "web-1"
            ]
           },
           "effect": {
            "enum": [
             "NoSchedule",
             "PreferNoSchedule",
             "NoExecute"
            ]
           }
          },
          "additionalProperties": false,
          "description": "A taint that does not keep the machine away. Without an effect: any of that key."
         },
         "maxItems": 32,
         "x-kubernetes-list-type": "atomic"
        },
        "priorityClassName": {
         "type": "string",
         "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
         "examples": [
          "production"
         ],
         "description": "A PriorityClass."
        },
        "placementPolicy": {
         "type": "string",
         "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
         "examples": [
          "packed"
         ],
         "description": "A PlacementPolicy."
        }
       },
       "additionalProperties": false
      }
     },
     "additionalProperties": false,
     "description": "What new members are made from. A change of it leaves those that are there."
    }
   },
   "additionalProperties": false
  },
  "status": {
   "type": "object",
   "properties": {
    "observedGeneration": {
     "type": "integer",
     "minimum": -1
    },
    "replicas": {
     "type": "integer",
     "minimum": 0
    },
    "readyReplicas": {
     "type": "integer",
     "minimum": 0
    },
    "availableReplicas": {
     "type": "integer",
     "minimum": 0
    },
    "updatedReplicas": {
     "type": "integer",
     "minimum": 0
    },
    "labelSelector": {
     "type": "string",
     "maxLength": 65536
    },
    "conditions": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "type",
       "status",
       "reason",
       "message",
       "lastTransitionTime"
      ],
      "properties": {
       "type": {
        "type": "string",
        "maxLength": 316
       },
       "status": {
        "enum": [
         "True",
         "False",
         "Unknown"
        ]
       },
       "reason": {
        "type": "string",
        "maxLength": 1024
       },
       "message": {
        "type": "string",
        "maxLength": 32768
       },
       "lastTransitionTime": {
        "type": "string",
        "maxLength": 40
       },
       "observedGeneration": {
        "type": "integer",
        "minimum": 0
       }
      },
      "additionalProperties": false
     },
     "maxItems": 16,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "type"
     ]
    }
   },
   "additionalProperties": false
  }
 },
 "additionalProperties": false,
 "description": "A number of machines that are made alike and replaced when they are gone."
}
`

exports[`src/schema/validator.test.ts > TAP > the schema of every kind is pinned > Volume 1`] = `
{
 "type": "object",
 "required": [
  "apiVersion",
  "kind",
  "metadata",
  "spec"
 ],
 "properties": {
  "apiVersion": {
   "type": "string",
   "const": "ostler.dev/v1"
  },
  "kind": {
   "type": "string",
   "const": "Volume"
  },
  "metadata": {
   "type": "object",
   "required": [
    "name"
   ],
   "properties": {
    "name": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "web-1"
     ],
     "description": "Unique within kind and namespace; a DNS label."
    },
    "generateName": {
     "type": "string",
     "maxLength": 58
    },
    "namespace": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$",
     "examples": [
      "production"
     ]
    },
    "uid": {
     "type": "string",
     "maxLength": 36,
     "description": "Set by the store; never reused."
    },
    "resourceVersion": {
     "type": "string",
     "maxLength": 20,
     "description": "The revision of the last write. Opaque."
    },
    "generation": {
     "type": "integer",
     "minimum": 0,
     "description": "Counts changes of the desired state."
    },
    "creationTimestamp": {
     "anyOf": [
      {
       "type": "string",
       "maxLength": 40
      },
      {
       "type": "null"
      }
     ]
    },
    "deletionTimestamp": {
     "type": "string",
     "maxLength": 40
    },
    "deletionGracePeriodSeconds": {
     "type": "integer",
     "minimum": 0
    },
    "labels": {
     "type": "object",
     "patternProperties": {
      "^([a-z0-9A-Z]([-a-z0-9A-Z.]{0,251}[a-z0-9A-Z])?/)?[a-z0-9A-Z]([-a-z0-9A-Z_.]{0,61}[a-z0-9A-Z])?$": {
       "type": "string",
       "maxLength": 63,
       "pattern": "^([a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?)?$",
       "examples": [
        "web-1"
       ]
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "annotations": {
     "type": "object",
     "patternProperties": {
      "^[a-zA-Z0-9][-a-zA-Z0-9_./]{0,316}$": {
       "type": "string",
       "maxLength": 262144
      }
     },
     "maxProperties": 64,
     "additionalProperties": false
    },
    "finalizers": {
     "type": "array",
     "items": {
      "type": "string",
      "maxLength": 317
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "set"
    },
    "ownerReferences": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "apiVersion",
       "kind",
       "name",
       "uid"
      ],
      "properties": {
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "kind": {
        "type": "string",
        "maxLength": 63
       },
       "name": {
        "type": "string",
        "maxLength": 253
       },
       "uid": {
        "type": "string",
        "maxLength": 36
       },
       "controller": {
        "type": "boolean"
       },
       "blockOwnerDeletion": {
        "type": "boolean"
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 32,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "uid"
     ]
    },
    "managedFields": {
     "type": "array",
     "items": {
      "type": "object",
      "properties": {
       "manager": {
        "type": "string",
        "maxLength": 128
       },
       "operation": {
        "enum": [
         "Apply",
         "Update"
        ]
       },
       "apiVersion": {
        "type": "string",
        "maxLength": 317
       },
       "time": {
        "type": "string",
        "maxLength": 40
       },
       "fieldsType": {
        "type": "string",
        "const": "FieldsV1"
       },
       "fieldsV1": {
        "description": "The fields, each a key of its parent."
       },
       "subresource": {
        "type": "string",
        "maxLength": 63
       }
      },
      "x-kubernetes-map-type": "atomic",
      "additionalProperties": false
     },
     "maxItems": 128,
     "x-kubernetes-list-type": "atomic"
    }
   },
   "additionalProperties": false
  },
  "spec": {
   "type": "object",
   "required": [
    "size",
    "format"
   ],
   "properties": {
    "size": {
     "type": "string",
     "pattern": "^([0-9]{1,15})(\\\\.[0-9]{1,6})?(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$",
     "maxLength": 24,
     "examples": [
      "512Mi",
      "10Gi"
     ],
     "description": "Bytes, with a binary (Ki, Mi, Gi, Ti) or decimal (k, M, G, T) suffix."
    },
    "format": {
     "enum": [
      "qcow2",
      "raw"
     ],
     "default": "qcow2",
     "description": "How the host keeps it: qcow2 takes room as it is filled, raw is the bytes themselves."
    }
   },
   "additionalProperties": false
  },
  "status": {
   "type": "object",
   "properties": {
    "observedGeneration": {
     "type": "integer",
     "minimum": -1
    },
    "phase": {
     "enum": [
      "Pending",
      "Available",
      "Attaching",
      "Attached",
      "Detaching",
      "Moving",
      "Lost",
      "Unknown",
      "Deleting"
     ]
    },
    "conditions": {
     "type": "array",
     "items": {
      "type": "object",
      "required": [
       "type",
       "status",
       "reason",
       "message",
       "lastTransitionTime"
      ],
      "properties": {
       "type": {
        "type": "string",
        "maxLength": 316
       },
       "status": {
        "enum": [
         "True",
         "False",
         "Unknown"
        ]
       },
       "reason": {
        "type": "string",
        "maxLength": 1024
       },
       "message": {
        "type": "string",
        "maxLength": 32768
       },
       "lastTransitionTime": {
        "type": "string",
        "maxLength": 40
       },
       "observedGeneration": {
        "type": "integer",
        "minimum": 0
       }
      },
      "additionalProperties": false
     },
     "maxItems": 16,
     "x-kubernetes-list-type": "map",
     "x-kubernetes-list-map-keys": [
      "type"
     ]
    },
    "hostName": {
     "type": "string",
     "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$"
    },
    "hostUuid": {
     "type": "string",
     "maxLength": 36
    },
    "volume": {
     "type": "string",
     "maxLength": 128
    },
    "capacityBytes": {
     "type": "integer",
     "minimum": 0
    },
    "attachedTo": {
     "type": "object",
     "required": [
      "name",
      "uid",
      "disk"
     ],
     "properties": {
      "name": {
       "type": "string",
       "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$"
      },
      "uid": {
       "type": "string",
       "maxLength": 36
      },
      "disk": {
       "type": "string",
       "maxLength": 63
      },
      "releasing": {
       "type": "boolean"
      }
     },
     "additionalProperties": false,
     "description": "The machine that the volume is reserved for or attached to."
    },
    "move": {
     "type": "object",
     "required": [
      "source",
      "sourceUuid",
      "target",
      "targetUuid",
      "phase"
     ],
     "properties": {
      "source": {
       "type": "string",
       "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$"
      },
      "sourceUuid": {
       "type": "string",
       "maxLength": 36
      },
      "target": {
       "type": "string",
       "pattern": "^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$"
      },
      "targetUuid": {
       "type": "string",
       "maxLength": 36
      },
      "phase": {
       "enum": [
        "Copying",
        "Cleaning",
        "Cancelling"
       ]
      }
     },
     "additionalProperties": false
    }
   },
   "additionalProperties": false
  }
 },
 "additionalProperties": false,
 "description": "A disk that outlives machines and is used by one of them at a time."
}
`
