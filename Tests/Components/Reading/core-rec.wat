;; expect: component.feature.garbageCollection
;;
;; Recursive groups of types.
(component (core module (rec (type (func)) (type (func)))))
