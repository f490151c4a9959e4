;; expect: component.feature.garbageCollection
;;
;; Garbage-collected types.
(component (core module (type (struct (field i32)))))
