;; expect: component.feature.garbageCollection
;;
;; Garbage-collected types.
(component (core module (type (array i32))))
