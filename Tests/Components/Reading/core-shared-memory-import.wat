;; expect: component.feature.sharedMemory
;;
;; An imported one is shared too.
(component (core module (import "a" "b" (memory 1 1 shared))))
