;; expect: component.feature.memory64
;;
;; The engine elides bounds only where addresses have 32 bits.
(component (core module (memory i64 1)))
