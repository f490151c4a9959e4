;; expect: component.feature.sharedMemory
;;
;; Shared memory is a clock.
(component (core module (memory 1 1 shared)))
