;; expect: component.feature.garbageCollection
;;
;; Subtypes.
(component (core module (type (sub (func)))))
