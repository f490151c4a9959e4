;; expect: component.feature.firstClassModules
;;
;; Instances could then not be counted before the run.
(component (import "inner" (component)))
